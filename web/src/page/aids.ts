/**
 * What helps writing and is not needed for the first letter: formats by name, their buttons, the line below the text,
 * the outline. Is loaded when the page has time.
 * Knows the parts, and does none of their work.
 */
import { StateEffect } from "@codemirror/state"
import { EditorView, type ViewUpdate } from "@codemirror/view"
import { type Action, actions } from "../actions"
import { formatActions } from "../editor/format/actions"
import { withFormats } from "../editor/format/keys"
import { isMarkdown } from "../editor/format/syntax"
import { formats, outline as outlineWords } from "../messages/format"
import { footLine } from "./foot-line"
import { formatBar } from "./format-bar"
import { bindKeys } from "./hotkeys"
import { lazily } from "./lazily"
import { notice } from "./notice"
import type { OutlinePanel } from "./outline"
import { settings } from "./settings"
import { recall, remember } from "./storage"

/** Whether the outline was open when this browser showed a document last. */
const OUTLINE = "codraft.outline"
/** Where there is less room it covers the text, and is opened only when it is asked for. */
const ROOMY = "(min-width: 56.01rem)"

/** Puts the aids around an editor. */
export function mountAids(view: EditorView) {
  withFormats()
  let formatting = formatActions(view)
  actions.add(...formatting)
  let others = ["edit.undo", "edit.redo", "insert.image"].flatMap(id => actions.get(id) ?? [])
  let bar = formatBar(view, [...others, ...formatting])
  let foot = footLine(view)
  let listeners = [bar.updated, foot.updated]
  let outline = outlineAction(view)
  view.dispatch({
    effects: StateEffect.appendConfig.of(
      EditorView.updateListener.of(update => {
        for (let listener of listeners) listener(update)
        outline.updated(update)
      }),
    ),
  })
  let toggleBar = () => settings.set({ toolbar: !settings.now.toolbar })
  let isOffered = () => isMarkdown(view.state) && !view.state.readOnly
  actions.add(
    {
      id: "view.toolbar",
      title: formats.showToolbar,
      group: "view",
      isOffered,
      isOn: () => settings.now.toolbar,
      run: toggleBar,
    },
    {
      id: "view.toToolbar",
      title: formats.toToolbar,
      group: "view",
      keys: "Alt-F10",
      rare: true,
      isOffered: () => isOffered() && settings.now.toolbar,
      run: bar.focus,
    },
  )
  actions.add(pastePlain(view))
  bindKeys([{ keys: "Alt-F10", run: () => actions.run("view.toToolbar") }])
}

/** For hands that are not at the keys, whose own way this is. */
function pastePlain(view: EditorView): Action {
  let paste = async () => {
    let text = await navigator.clipboard.readText()
    let { state } = view
    if (state.readOnly || !text) return
    let insert = state.replaceSelection(state.toText(text))
    view.dispatch(insert, { scrollIntoView: true, userEvent: "input.paste" })
    view.focus()
  }
  return {
    id: "edit.pastePlain",
    title: formats.pastePlain,
    group: "edit",
    keys: "Mod-Shift-v",
    rare: true,
    isOffered: () => !view.state.readOnly && "readText" in (navigator.clipboard ?? {}),
    run: () => void paste().catch(() => notice(formats.pasteRefused)),
  }
}

function outlineAction(view: EditorView) {
  let panel: OutlinePanel | null = null
  let part = () => import("./outline")
  let load = lazily(part)
  let open = ({ outlinePanel }: Awaited<ReturnType<typeof part>>, isWanted: boolean) => {
    panel ??= outlinePanel(view, () => remember(OUTLINE, false))
    panel.open(isWanted)
  }
  let toggle = () => {
    if (panel?.isOpen()) return panel.close()
    remember(OUTLINE, true)
    load(outline => open(outline, true))
  }
  actions.add({
    id: "view.outline",
    title: outlineWords.title,
    group: "view",
    keys: "Mod-Alt-o",
    isOffered: () => isMarkdown(view.state),
    isOn: () => !!panel?.isOpen(),
    run: toggle,
  })
  bindKeys([{ keys: "Mod-Alt-o", run: () => actions.run("view.outline") }])
  let isWanted = recall(OUTLINE, value => value === true)
  // Nobody has asked for it just now: it takes no key from the text while it comes.
  if (isWanted && isMarkdown(view.state) && matchMedia(ROOMY).matches) {
    part().then(outline => open(outline, false), console.warn)
  }
  return { updated: (update: ViewUpdate) => panel?.updated(update) }
}
