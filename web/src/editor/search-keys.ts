/**
 * The keys that find, and that select what is like the selection. Finding itself is loaded with the first of them.
 * Knows no panel.
 */
import { selectNextOccurrence, selectSelectionMatches } from "@codemirror/search"
import type { Extension } from "@codemirror/state"
import { type Command, type EditorView, keymap } from "@codemirror/view"
import { isMac } from "../page/key-names"
import { lazily } from "../page/lazily"

const withSearch = lazily(() => import("./search/search"))
/** In the panel they go on working. */
const scope = "editor search-panel"

/** Opens find, with or without replace. */
export function openSearch(view: EditorView, isReplacing = false) {
  withSearch((part, typed) => part.openSearch(view, typed, isReplacing))
}

/** The keys. */
export function searchKeys(): Extension {
  let open =
    (isReplacing: boolean): Command =>
    view => {
      openSearch(view, isReplacing)
      return true
    }
  let step =
    (by: 1 | -1): Command =>
    view => {
      withSearch((part, typed) => part.step(view, by, typed))
      return true
    }
  return keymap.of([
    { key: "Mod-f", run: open(false), scope },
    { key: "Mod-Alt-f", run: open(true), scope },
    // On a Mac this hides the browser.
    ...(isMac ? [] : [{ key: "Ctrl-h", run: open(true), scope }]),
    { key: "F3", run: step(1), shift: step(-1), scope, preventDefault: true },
    { key: "Mod-g", run: step(1), shift: step(-1), scope, preventDefault: true },
    { key: "Mod-d", run: selectNextOccurrence, preventDefault: true },
    { key: "Mod-Shift-l", run: selectSelectionMatches },
  ])
}
