/**
 * The keys of the editor beyond CodeMirror's own: Tab indents lists and writes spaces in prose.
 * Knows no undo: that is the binding's.
 */
import { defaultKeymap, indentLess, indentMore } from "@codemirror/commands"
import type { Extension } from "@codemirror/state"
import { type Command, keymap } from "@codemirror/view"
import { markupOf } from "./markdown"
import { searchKeys } from "./search-keys"

/** All key bindings. CodeMirror lets Tab leave the text after Escape. */
export function keys(): Extension {
  return [searchKeys(), keymap.of([{ key: "Tab", run: tab, shift: indentLess }, ...defaultKeymap])]
}

const tab: Command = view => {
  let { state } = view
  let { main } = state.selection
  if (!main.empty || markupOf(state.doc.lineAt(main.head).text)[1]) return indentMore(view)
  if (state.readOnly) return false
  view.dispatch(state.replaceSelection("  "), { scrollIntoView: true, userEvent: "input" })
  return true
}
