/**
 * The keys of the editor beyond CodeMirror's own: Tab indents what is selected and writes spaces elsewhere.
 * Knows no undo, which is the binding's, and no lists: their keys come before these.
 */
import { defaultKeymap, indentLess, indentMore } from "@codemirror/commands"
import type { Extension } from "@codemirror/state"
import { type Command, keymap } from "@codemirror/view"
import { searchKeys } from "./search-keys"

/** All key bindings. CodeMirror lets Tab leave the text after Escape. */
export function keys(): Extension {
  return [searchKeys(), keymap.of([{ key: "Tab", run: tab, shift: indentLess }, ...defaultKeymap])]
}

const tab: Command = view => {
  let { state } = view
  if (!state.selection.main.empty) return indentMore(view)
  if (state.readOnly) return false
  view.dispatch(state.replaceSelection("  "), { scrollIntoView: true, userEvent: "input" })
  return true
}
