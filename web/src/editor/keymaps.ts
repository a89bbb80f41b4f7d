/**
 * Other editors' keys for those who have them in their fingers: loaded when they are chosen, and gone when they are not.
 * Knows the setting, and none of the keys.
 */
import { Compartment, type Extension, Prec } from "@codemirror/state"
import { type EditorView, ViewPlugin } from "@codemirror/view"
import { messages } from "../messages"
import { notice } from "../page/notice"
import { type Settings, settings } from "../page/settings"

type Keymap = Settings["keymap"]

const LOADERS: Record<Keymap, () => Promise<Extension>> = {
  standard: async () => [],
  vim: async () => (await import("./vim")).vimKeys(),
  emacs: async () => (await import("./emacs")).emacsKeys(),
}

/** Follows the setting for as long as the editor lives. */
export function keymaps(): Extension {
  let keys = new Compartment()
  let follower = ViewPlugin.define(view => {
    let follow = ({ keymap }: Settings) => void take(view, keys, keymap)
    if (settings.now.keymap !== "standard") follow(settings.now)
    let stop = settings.onChange((now, before) => now.keymap !== before.keymap && follow(now))
    return { destroy: stop }
  })
  // Before everything else: their keys are other keys for the same things.
  return [Prec.highest(keys.of([])), follower]
}

async function take(view: EditorView, keys: Compartment, keymap: Keymap) {
  try {
    let extension = await LOADERS[keymap]()
    // Somebody may have chosen again meanwhile.
    if (settings.now.keymap === keymap) view.dispatch({ effects: keys.reconfigure(extension) })
  } catch (error) {
    console.warn("the keys could not be loaded:", error)
    notice(messages.notice.notLoaded)
  }
}
