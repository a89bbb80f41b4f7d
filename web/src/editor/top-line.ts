/**
 * Which line of the text an editor shows at its top.
 * Knows nothing of other views of the same text.
 */
import type { EditorView } from "@codemirror/view"

/** The line at the top, from 0, with how much of it is above; 0 at the very beginning. */
export function topLine(view: EditorView): number {
  if (view.scrollDOM.scrollTop < 2) return 0
  let height = view.scrollDOM.getBoundingClientRect().top - view.documentTop
  let block = view.lineBlockAtHeight(height)
  let above = Math.min(1, Math.max(0, (height - block.top) / Math.max(1, block.height)))
  return view.state.doc.lineAt(block.from).number - 1 + above
}
