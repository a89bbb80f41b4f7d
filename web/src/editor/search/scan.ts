/**
 * Goes through a text and notes where a pattern fits, a little at a time.
 * Knows neither where it runs nor for how long: whoever drives it decides when it has been enough.
 */
import type { Template } from "./replacement"

/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Where a pattern fits. */
export interface Found {
  /** Where each match begins and ends, one after the other. */
  readonly ranges: Uint32Array<ArrayBuffer>
  /** There are more, which nobody would look at. */
  readonly isCapped: boolean
  /** What stands in the place of each, where that was asked for. */
  readonly replacements?: readonly string[]
}

/** What is looked for, and where. */
export interface Scan {
  readonly pattern: RegExp
  readonly text: string
  /** Matches reach no further. */
  readonly scope: Span
  readonly template?: Template | undefined
}

/** More matches than this are not counted: 8 MB of positions. */
export const MOST = 1_000_000
/** Matches between two pauses. */
const STEP = 256

/** Scans; at each pause whoever drives it may leave it for a while, or for good. */
export function* scan({ pattern, text, scope, template }: Scan): Generator<void, Found> {
  let ranges: number[] = []
  let replacements: string[] = []
  pattern.lastIndex = scope.from
  let isCapped = false
  for (let match = pattern.exec(text); match && match.index <= scope.to; match = pattern.exec(text)) {
    let [{ length }] = match
    let to = match.index + length
    if (length === 0) pattern.lastIndex = after(text, to)
    if (to <= scope.to) {
      ranges.push(match.index, to)
      if (template) replacements.push(template.for(match))
    }
    isCapped = ranges.length >= 2 * MOST
    if (isCapped || pattern.lastIndex > scope.to) break
    if (ranges.length % (2 * STEP) === 0) yield
  }
  return { ranges: Uint32Array.from(ranges), isCapped, ...(template && { replacements }) }
}

/** The place after the character at `at`, which may take two units. */
function after(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
}
