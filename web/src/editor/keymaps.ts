/**
 * Other editors' keys for those who have them in their fingers: loaded when they are chosen, and gone when they are not.
 * Knows the setting, and none of the keys.
 */
import { Compartment, type Extension, Prec } from "@codemirror/state"
import { type EditorView, ViewPlugin } from "@codemirror/view"
import { messages } from "../messages"
import type { Settings } from "../page/settings"
import { say } from "../say"
import type { Chosen } from "./preferences"

type Keymap = Settings["keymap"]

const LOADERS: Record<Keymap, () => Promise<Extension>> = {
  standard: async () => [],
  vim: async () => (await import("./vim")).vimKeys(),
  emacs: async () => (await import("./emacs")).emacsKeys(),
}

/** Follows what is chosen for as long as the editor lives. */
export function keymaps(settings: Chosen<"keymap">): Extension {
  let keys = new Compartment()
  let follower = ViewPlugin.define(view => {
    let follow = () => void take(view, keys, settings)
    if (settings.now.keymap !== "standard") follow()
    let stop = settings.onChange((now, before) => now.keymap !== before.keymap && follow())
    return { destroy: stop }
  })
  // Before everything else: their keys are other keys for the same things.
  return [Prec.highest(keys.of([])), follower]
}

async function take(view: EditorView, keys: Compartment, settings: Chosen<"keymap">) {
  let { keymap } = settings.now
  try {
    let extension = await LOADERS[keymap]()
    // Somebody may have chosen again meanwhile.
    if (settings.now.keymap === keymap) view.dispatch({ effects: keys.reconfigure(extension) })
  } catch (error) {
    console.warn("the keys could not be loaded:", error)
    say(messages.notice.notLoaded)
  }
}
