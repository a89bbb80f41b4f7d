/**
 * The keys of the editor beyond CodeMirror's own: Tab indents lists and writes spaces in prose.
 * Knows no undo: that is the binding's.
 */
import { defaultKeymap, indentLess, indentMore } from "@codemirror/commands"
import { searchKeymap } from "@codemirror/search"
import type { Extension } from "@codemirror/state"
import { type Command, keymap } from "@codemirror/view"
import { markupOf } from "./markdown"

/** All key bindings. CodeMirror lets Tab leave the text after Escape. */
export function keys(): Extension {
  return keymap.of([{ key: "Tab", run: tab, shift: indentLess }, ...searchKeymap, ...defaultKeymap])
}

const tab: Command = view => {
  let { state } = view
  let { main } = state.selection
  if (!main.empty || markupOf(state.doc.lineAt(main.head).text)[1]) return indentMore(view)
  if (state.readOnly) return false
  view.dispatch(state.replaceSelection("  "), { scrollIntoView: true, userEvent: "input" })
  return true
}
