/**
 * Finds names by a few of their letters, in order: best where words begin and where letters follow each other.
 * Knows nothing of what the names stand for.
 */

/** How well something fits, and which of its UTF-16 units were meant. */
export interface Fit {
  readonly score: number
  readonly at: readonly number[]
}

const WORD_START = 8
const FOLLOWS = 6
const FIRST = 4
const SKIPPED = 0.1
/** Whole beginnings of words are what was meant before single letters are: more than letters can score. */
const CALLED = 10_000
/** What is looked at of a name: the work is its length times the query's. */
const LONGEST = 200

/** How `query` fits `name`, or nothing when a letter is missing. Spaces in the query mean nothing. */
export function fuzzy(query: string, name: string): Fit | null {
  let wanted = query.toLowerCase().replace(/\s+/g, "")
  let among = name.slice(0, LONGEST).toLowerCase()
  if (!wanted) return { score: 0, at: [] }
  if (!isWithin(wanted, among)) return null
  let rows: Cell[][] = []
  for (let letter of wanted.split("")) rows.push(rowOf(letter, among, name, rows.at(-1)))
  return bestOf(rows)
}

/**
 * How `query` fits something that has this name and is called by other words, too: best where each word of the query begins
 * a word of the name, then where some begin other words for it, and then by its letters.
 */
export function fuzzyOrCalled(query: string, name: string, otherWords: string): Fit | null {
  let fit = fuzzy(query, name)
  let wanted = wordsOf(query)
  if (!otherWords || !wanted.length) return fit
  let areIn = (known: readonly string[]) => wanted.every(word => known.some(one => one.startsWith(word)))
  let own = wordsOf(name)
  if (fit && areIn(own)) return { ...fit, score: fit.score + 2 * CALLED }
  return areIn([...own, ...wordsOf(otherWords)]) ? { score: CALLED, at: [] } : fit
}

/** Those of `items` that fit, best first; equals stay in their order. */
export function fitting<T>(
  query: string,
  items: readonly T[],
  nameOf: (item: T) => string,
  otherWordsOf: (item: T) => string = () => "",
): readonly [T, Fit][] {
  let found = items.flatMap(item => {
    let fit = fuzzyOrCalled(query, nameOf(item), otherWordsOf(item))
    return fit ? [[item, fit] as [T, Fit]] : []
  })
  return found.sort(([, a], [, b]) => b.score - a.score)
}

/** The best way to have the query's letters up to this one end here; `from` is where the one before it is. */
interface Cell {
  readonly score: number
  readonly from: number
}

const NEVER: Cell = { score: -Infinity, from: -1 }

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}

function isWithin(wanted: string, among: string): boolean {
  let at = -1
  for (let letter of wanted.split("")) {
    at = among.indexOf(letter, at + 1)
    if (at < 0) return false
  }
  return true
}

function rowOf(letter: string, among: string, name: string, above: readonly Cell[] | undefined): Cell[] {
  let row: Cell[] = []
  // The best of the row above so far, growing worse with every letter that is passed over.
  let best = NEVER
  for (let i = 0; i < among.length; i++) {
    let before = above?.[i - 1] ?? NEVER
    best = { score: best.score - SKIPPED, from: best.from }
    let own = isStart(name, i) ? WORD_START : 0
    if (among[i] !== letter) row.push(NEVER)
    else if (!above) row.push({ score: own + (i === 0 ? FIRST : 0) - i * SKIPPED, from: -1 })
    else {
      let joined = before.score + FOLLOWS
      let isJoined = joined >= best.score + own
      row.push(isJoined ? { score: joined, from: i - 1 } : { score: best.score + own, from: best.from })
    }
    if (before.score > best.score) best = { score: before.score, from: i - 1 }
  }
  return row
}

function bestOf(rows: readonly Cell[][]): Fit | null {
  let last = rows.at(-1) ?? []
  let end = last.reduce((best, cell, i) => (cell.score > (last[best]?.score ?? -Infinity) ? i : best), 0)
  let score = last[end]?.score ?? -Infinity
  if (score === -Infinity) return null
  let at: number[] = []
  for (let i = rows.length - 1, here = end; i >= 0; i--) {
    at.unshift(here)
    here = rows[i]?.[here]?.from ?? -1
  }
  return { score, at }
}

/** Whether a word begins here: after something that is no letter, or with a capital after a small letter. */
function isStart(name: string, i: number): boolean {
  let [before = " ", here = ""] = [name[i - 1], name[i]]
  if (!/[\p{L}\p{N}]/u.test(before)) return true
  return /\p{Lu}/u.test(here) && /\p{Ll}/u.test(before)
}
