/**
 * Links in the text: made, taken away, found under the cursor.
 * Knows which addresses may be opened: those of the web and of mail, nothing else.
 */
import { EditorSelection, type EditorState, type SelectionRange, type StateCommand } from "@codemirror/state"
import type { SyntaxNode } from "@lezer/common"
import { canFormat, enclosing, literalAt } from "./syntax"

const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>]+$/i
/** What the parser takes for an address without a scheme. */
const BARE = /^www\.[^\s<>]+$/i
const MAIL = /^[^\s@<>:]+@[^\s@<>:]+\.[^\s@<>]+$/

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

/** The address that may be opened at this place, if there is one. */
export function addressAt(state: EditorState, pos: number): string | null {
  let node = enclosing(state, pos, pos, "Link", "Image", "Autolink", "URL")
  let url = node?.name === "URL" ? node : node?.getChild("URL")
  return url ? openable(state.doc.sliceString(url.from, url.to)) : null
}

/** An address as it may be opened; null for all that leads to anything but the web or mail. */
export function openable(text: string): string | null {
  let address = text.replace(/^<|>$/g, "").replace(/\\([!-/:-@[-`{-~])/g, "$1")
  if (ADDRESS.test(address)) return URL.canParse(address) ? address : null
  if (BARE.test(address)) return `https://${address}`
  return MAIL.test(address) ? `mailto:${address}` : null
}

/** Whether a text is nothing but one address. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text) && URL.canParse(text)
}

/** A link's address as Markdown writes it. */
export function destination(address: string): string {
  let balanced = /^[^()]*(?:\([^()]*\)[^()]*)*$/.test(address)
  return balanced ? address : address.replace(/[()]/g, char => (char === "(" ? "%28" : "%29"))
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
