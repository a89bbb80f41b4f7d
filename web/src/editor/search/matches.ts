/**
 * Matches in a text that goes on being changed: each is where it is now, or gone when it was changed itself.
 * Knows no view. Nothing is moved until it is asked for, so that typing costs the same however many there are.
 */
import type { ChangeDesc } from "@codemirror/state"
import type { Found, Span } from "./scan"

/** Matches, and what has happened to the text since they were found. */
export class Matches {
  private since: ChangeDesc | null = null
  private back: ChangeDesc | null = null

  constructor(private readonly found: Found) {}

  /** How many there were. */
  get count(): number {
    return this.found.ranges.length / 2
  }

  /** There are more than are counted. */
  get isCapped(): boolean {
    return this.found.isCapped
  }

  /** Whether the text is still the one they were found in. */
  get isFresh(): boolean {
    return this.since === null
  }

  /** The text has been changed. */
  changed(changes: ChangeDesc) {
    this.since = this.since ? this.since.composeDesc(changes) : changes
    this.back = null
  }

  /** Where a match is now; nothing when it was changed. */
  at(i: number): Span | null {
    let from = this.found.ranges[2 * i]
    let to = this.found.ranges[2 * i + 1]
    if (from === undefined || to === undefined) return null
    let { since } = this
    if (!since) return { from, to }
    // What is written right before it or behind it is no change of it.
    if (since.touchesRange(from + 1, to - 1)) return null
    let start = since.mapPos(from, 1)
    return { from: start, to: Math.max(start, since.mapPos(to, -1)) }
  }

  /** What stands in the place of a match. */
  replacement(i: number): string | undefined {
    return this.found.replacements?.[i]
  }

  /** The first match that begins at `position` or behind it; `count` when there is none. */
  firstFrom(position: number): number {
    let before = this.position(position)
    let [low, high] = [0, this.count]
    while (low < high) {
      let middle = (low + high) >> 1
      if ((this.found.ranges[2 * middle] ?? 0) < before) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Which match is exactly here, or -1. */
  indexOf({ from, to }: Span): number {
    let i = Math.max(this.firstFrom(from) - 1, 0)
    for (; i < this.count; i++) {
      let span = this.at(i)
      if (span && from < span.from) return -1
      if (span?.from === from && span.to === to) return i
    }
    return -1
  }

  /** Where a position of now was when they were found. */
  private position(now: number): number {
    if (!this.since) return now
    this.back ??= this.since.invertedDesc
    return this.back.mapPos(Math.min(now, this.back.length), -1)
  }
}
