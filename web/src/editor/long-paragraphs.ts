/**
 * Cuts paragraphs that do not end: logs, verses, a list of names. A paragraph is parsed whole, so that in one of 100 kB
 * every key would cost what all of it does.
 *
 * Knows lines only, and not what comes next: behind a cut a new block begins, so what is marked across it is not seen as
 * marked, and what is indented there is code. Paragraphs that long are not prose; the text as it reads has a parser of its own.
 */
import type { Input } from "@lezer/common"
import type { BlockContext, LeafBlock, LeafBlockParser, Line, MarkdownConfig } from "@lezer/markdown"

/** A paragraph has so many lines at most. Lines, and not letters: typing within them moves no cut. */
const LINES = 100
/** The second line of what may be a table, which is a paragraph until it ends. */
const DELIMITERS = /^[^\n]*\n(?=[^\n]*-)(?:[>|:-]|[^\S\n])+(?:\n|$)/

/** Ends a paragraph that has grown that long, whatever its next line is. */
export const longParagraphs: MarkdownConfig = {
  parseBlock: [{ name: "LongParagraph", leaf: () => new Cutter(), before: "LinkReference" }],
}

class Cutter implements LeafBlockParser {
  private lines = 1

  nextLine(context: BlockContext, _: Line, leaf: LeafBlock): boolean {
    if (this.lines++ < LINES || DELIMITERS.test(leaf.content)) return false
    let to = leaf.start + leaf.content.length
    let within = context.parser.parseInline(leaf.content, leaf.start)
    context.addLeafElement(leaf, context.elt("Paragraph", leaf.start, to, within))
    return true
  }

  finish(): boolean {
    return false
  }
}

/** Whether a paragraph is cut before the line that begins at `from`. */
export function isCut(
  input: Input,
  paragraph: { readonly from: number; readonly to: number },
  from: number,
): boolean {
  if (from - paragraph.to !== 1) return false
  let text = input.read(paragraph.from, paragraph.to)
  let lines = 1
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++
  return lines === LINES && !DELIMITERS.test(text)
}
