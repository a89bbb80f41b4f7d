/**
 * What a document calls itself: its first line with words in it.
 * Knows Markdown's marks in a line and no more of it.
 */
import { unmarked } from "./unmarked"

const MAX_CHARACTERS = 80
/** What is looked at of a line behind its marks: taking spaces off an end costs the square of this. */
const LINE_LENGTH = 500

/** The first line of `lines` that is not empty, without its marks, or nothing. */
export function titleOf(lines: Iterable<string>): string {
  for (let line of lines) {
    let own = line.replace(/^[\s>]+/, "").slice(0, LINE_LENGTH)
    let block = own.replace(/^(?:(?:#{1,6}|[*+-])\s[\s>]*)*(?:\[[ xX]\]\s)?/, "")
    let words = unmarked(block)
      .replace(/^[\s>#*+-]+/, "")
      .replace(/[\s#*_`]+$/, "")
    if (words) return [...words].slice(0, MAX_CHARACTERS).join("")
  }
  return ""
}
