/**
 * Edits of a plain string, as the binding counts them.
 * Knows no editor.
 */

/** `text` with each range (from, to, inserted length; in units of the old text, rising) replaced by its part of `inserted`. */
export function splice(text: string, ranges: ArrayLike<number>, inserted: string): string {
  let parts: string[] = []
  let at = 0
  let taken = 0
  for (let i = 0; i + 2 < ranges.length; i += 3) {
    let [from = 0, to = 0, length = 0] = [ranges[i], ranges[i + 1], ranges[i + 2]]
    parts.push(text.slice(at, from), inserted.slice(taken, taken + length))
    at = to
    taken += length
  }
  parts.push(text.slice(at))
  return parts.join("")
}
