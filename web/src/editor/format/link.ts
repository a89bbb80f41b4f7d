/**
 * Makes links in the text, and takes them away.
 * Knows no keys.
 */
import { EditorSelection, type EditorState, type SelectionRange, type StateCommand } from "@codemirror/state"
import type { SyntaxNode } from "@lezer/common"
import { destination, isAddress } from "./address"
import { canFormat, enclosing, literalAt } from "./syntax"

/** Makes a link of what is selected, or of the word at the cursor; takes an existing link away. */
export const toggleLink: StateCommand = ({ state, dispatch }) => {
  if (!canFormat(state)) return false
  let tr = state.changeByRange(range => {
    let link = enclosing(state, range.from, range.to, "Link")
    if (link) return unlinked(state, link)
    return literalAt(state, range.from) ? { range } : linked(state, range)
  })
  dispatch(state.update(tr, { scrollIntoView: true, userEvent: "input.format" }))
  return true
}

function unlinked({ doc }: EditorState, link: SyntaxNode) {
  let [open, close] = link.getChildren("LinkMark")
  if (!open || !close) return { range: EditorSelection.range(link.from, link.to) }
  let length = doc.sliceString(open.to, close.from).length
  return {
    changes: [
      { from: open.from, to: open.to },
      { from: close.from, to: link.to },
    ],
    range: EditorSelection.range(link.from, link.from + length),
  }
}

function linked(state: EditorState, range: SelectionRange) {
  let { from, to } = (range.empty && state.wordAt(range.head)) || range
  let text = state.doc.sliceString(from, to)
  if (isAddress(text)) {
    let insert = `[](${destination(text)})`
    return { changes: { from, to, insert }, range: EditorSelection.cursor(from + 1) }
  }
  let insert = `[${text}]()`
  // Words that are there want an address; without any, they come first.
  let cursor = from + (text ? insert.length - 1 : 1)
  return { changes: { from, to, insert }, range: EditorSelection.cursor(cursor) }
}
