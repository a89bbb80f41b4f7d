/**
 * How the pages that ours is compared with draw a text: the same pieces of CodeMirror as ours.
 * Knows no language and no document.
 */
import { bracketMatching } from "@codemirror/language"
import { highlightSelectionMatches, search } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import * as view from "@codemirror/view"

export const drawing = [
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
]
