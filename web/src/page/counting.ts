/**
 * Words, characters and lines of a text. What was counted once is remembered for as long as it is part of a text, so
 * that an edit costs only the few lines around it.
 * Knows no editor; it takes time only as long as it is given some.
 */
import type { Text } from "@codemirror/state"

/** What there is of everything. */
export interface Counts {
  readonly words: number
  /** As people count them: an emoji is one, whatever it is made of. */
  readonly characters: number
  /** Characters that are no white space. */
  readonly solid: number
  readonly lines: number
}

export const NOTHING: Counts = { words: 0, characters: 0, solid: 0, lines: 0 }

/** Words a minute that people read silently. */
const READ_A_MINUTE = 238
/** Languages whose words have no space between. */
const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\u{20000}-\u{3fffd}]/u
/** Where these are, a character may be made of several code units. */
const COMPOSED = /[\p{M}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\u{10000}-\u{10ffff}]|\u200c|\u200d/u
const WORD = /[\p{L}\p{N}]/u

const wordsIn = new Intl.Segmenter(undefined, { granularity: "word" })
const charactersIn = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const known = new WeakMap<Text, Counts>()

/** The counts of a text; null when `hasTime` ended before all was counted. What was counted is remembered. */
export function countsOf(text: Text, hasTime: () => boolean = () => true): Counts | null {
  let counts = known.get(text)
  if (counts) return counts
  if (!text.children) return hasTime() ? remember(text, ofLines([...text.iterLines()])) : null
  let all = NOTHING
  for (let child of text.children) {
    let part = countsOf(child, hasTime)
    if (!part) return null
    // A line break is not counted: characters are what is seen.
    all = sum(all, part)
  }
  return remember(text, all)
}

/** How long it takes to read so many words, in minutes. */
export function minutesFor(words: number): number {
  return words / READ_A_MINUTE
}

export function sum(a: Counts, b: Counts): Counts {
  return {
    words: a.words + b.words,
    characters: a.characters + b.characters,
    solid: a.solid + b.solid,
    lines: a.lines + b.lines,
  }
}

function remember(text: Text, counts: Counts): Counts {
  known.set(text, counts)
  return counts
}

function ofLines(lines: readonly string[]): Counts {
  return lines.reduce((all, line) => sum(all, ofLine(line)), NOTHING)
}

function ofLine(line: string): Counts {
  if (!line) return { ...NOTHING, lines: 1 }
  let pieces = line.split(/\s+/u).filter(Boolean)
  let words = pieces.reduce((count, piece) => count + wordsOf(piece), 0)
  if (!COMPOSED.test(line)) {
    let solid = pieces.reduce((count, piece) => count + piece.length, 0)
    return { words, characters: line.length, solid, lines: 1 }
  }
  let [characters, solid] = [0, 0]
  for (let { segment } of charactersIn.segment(line)) {
    characters++
    if (segment.trim()) solid++
  }
  return { words, characters, solid, lines: 1 }
}

/** Signs alone are no word; in a language without spaces there may be many in one piece. */
function wordsOf(piece: string): number {
  if (!WORD.test(piece)) return 0
  if (!UNSPACED.test(piece)) return 1
  let count = 0
  for (let { isWordLike } of wordsIn.segment(piece)) if (isWordLike) count++
  return Math.max(count, 1)
}
