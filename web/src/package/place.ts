/**
 * Whether a text can be changed at two offsets.
 * Knows strings alone.
 */

/** Fails where there is no such place, or where it would cut a character in two. */
export function checkPlace(text: string, from: number, to: number) {
  let isInside = 0 <= from && from <= to && to <= text.length
  let splits = (at: number) =>
    /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1))
  if (!isInside || splits(from) || splits(to))
    throw new RangeError(`there is no place from ${from} to ${to} in this text of ${text.length}`)
}
