/**
 * Where in a text the letters come from that somebody has clicked on.
 * Knows plain strings: what was written, and what is read of it.
 */

/**
 * The place in `written` behind the first letters `read` of what is shown of it. What is shown is what was written without
 * its marks, so each letter is looked for behind the one before; what is not found in sight, an entity say, is passed over.
 */
export function placeIn(written: string, read: string): number {
  let at = 0
  for (let letter of read) {
    if (/\s/.test(letter)) continue
    // The address behind a link's words is not read.
    let close = written.startsWith("](", at) ? written.indexOf(")", at) : -1
    if (close >= 0 && close - at <= SIGHT) at = close + 1
    let found = written.indexOf(letter, at)
    if (found >= 0 && found - at <= SIGHT) at = found + letter.length
  }
  return at
}

/** Marks between two letters are short, but for the address of a link. */
const SIGHT = 300
