/**
 * What a document calls itself: its first line with words in it.
 * Knows Markdown's marks at the start of a line and no more of it.
 */

const MAX_CHARACTERS = 80

/** The first line of `lines` that is not empty, without its marks, or nothing. */
export function titleOf(lines: Iterable<string>): string {
  for (let line of lines) {
    let words = line.replace(/^[\s>#*+-]+|[\s#*_`]+$/g, "").trim()
    if (words) return [...words].slice(0, MAX_CHARACTERS).join("")
  }
  return ""
}
