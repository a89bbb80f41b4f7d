/**
 * What programs of ours tell one another beside who somebody is and where their caret is (docs/protocol.md).
 * Knows the words on the wire, not what becomes of them. What comes from outside may be anything.
 */
import { isRecord } from "../page/storage"

/** What somebody's program says of them. */
export interface Note {
  /** They have changed the text in the last moments. */
  readonly typing: boolean
  /** They do something else. */
  readonly away: boolean
  /** They may only read. */
  readonly reader: boolean
  /** The key of the person they follow; empty for nobody. */
  readonly follows: string
  /** From where to where they see the text, while somebody follows them. */
  readonly sees: readonly [from: number, to: number] | null
  /** Where they ask everyone to look. */
  readonly asks: Ask | null
}

/** Somebody asks everyone to look at a place. */
export interface Ask {
  /** Tells one request from the next. */
  readonly id: number
  readonly at: number
}

/** Nothing is said. */
export const NOTHING: Note = {
  typing: false,
  away: false,
  reader: false,
  follows: "",
  sees: null,
  asks: null,
}

/** Keys are names of 40 characters at most; this is what a page believes of others. */
const MAX_KEY = 60

/** A note as it travels; empty for nothing. */
export function written(note: Note): string {
  let { typing, away, reader, follows, sees, asks } = note
  let said = {
    ...(typing && { t: 1 }),
    ...(away && { a: 1 }),
    ...(reader && { r: 1 }),
    ...(follows && { f: follows }),
    ...(sees && { v: sees }),
    ...(asks && { b: [asks.id, asks.at] }),
  }
  return Object.keys(said).length ? JSON.stringify(said) : ""
}

/** What an outside string says; what is not understood is not said. */
export function noteOf(json: string): Note {
  if (!json) return NOTHING
  let said: unknown
  try {
    said = JSON.parse(json)
  } catch {
    return NOTHING
  }
  if (!isRecord(said)) return NOTHING
  let asks = pair(said.b)
  return {
    typing: said.t === 1,
    away: said.a === 1,
    reader: said.r === 1,
    follows: typeof said.f === "string" ? said.f.slice(0, MAX_KEY) : "",
    sees: pair(said.v),
    asks: asks && { id: asks[0], at: asks[1] },
  }
}

function pair(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null
  let [a, b] = value as unknown[]
  return isOffset(a) && isOffset(b) ? [a, b] : null
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
