/**
 * The least that differs between two texts.
 * Knows strings, and no editor.
 */

/** One change of a text: what stands between two offsets gives way to something else. */
export interface Splice {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** The smallest single splice that turns `old` into `now`. */
export function spliceBetween(old: string, now: string): Splice {
  let from = 0
  let shorter = Math.min(old.length, now.length)
  while (from < shorter && old[from] === now[from]) from++
  let tail = 0
  while (tail < shorter - from && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++
  return { from, to: old.length - tail, insert: now.slice(from, now.length - tail) }
}
