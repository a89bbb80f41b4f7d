/**
 * What a key costs in any case: CodeMirror as both pages have it, without Markdown, and a text with nothing behind it.
 * Is given its text by whoever opens it.
 */
import { defaultKeymap } from "@codemirror/commands"
import { searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import { EditorView, keymap } from "@codemirror/view"
import { drawing } from "./drawing.js"

let editor = new EditorView({
  parent: document.querySelector("#editor"),
  state: EditorState.create({
    extensions: [keymap.of([...searchKeymap, ...defaultKeymap]), drawing],
  }),
})
editor.focus()

window.show = text => editor.dispatch({ changes: { from: 0, insert: text } })
