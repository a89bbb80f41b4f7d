/**
 * What a key costs in any case: CodeMirror as both pages have it, without Markdown, and a text with nothing behind it.
 * Is given its text by whoever opens it.
 */
import { defaultKeymap } from "@codemirror/commands"
import { bracketMatching } from "@codemirror/language"
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import * as view from "@codemirror/view"

let editor = new view.EditorView({
  parent: document.querySelector("#editor"),
  state: EditorState.create({
    extensions: [
      view.keymap.of([...searchKeymap, ...defaultKeymap]),
      search({ top: true }),
      highlightSelectionMatches(),
      view.highlightSpecialChars(),
      view.highlightActiveLine(),
      bracketMatching(),
      view.drawSelection(),
      view.dropCursor(),
      view.rectangularSelection(),
      view.crosshairCursor(),
      EditorState.allowMultipleSelections.of(true),
      view.EditorView.lineWrapping,
      view.EditorView.contentAttributes.of({ spellcheck: "true", autocorrect: "on", autocapitalize: "sentences" }),
    ],
  }),
})
editor.focus()

window.show = text => editor.dispatch({ changes: { from: 0, insert: text } })
