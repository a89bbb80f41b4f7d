/**
 * The documents this browser has opened, the latest first.
 * Knows only names, titles and times; no text is kept here.
 */
import { isRecord, recall, remember } from "./storage"

/** One document in the list. */
export interface Recent {
  readonly name: string
  /** The text of it that was open, where that is not the usual one. */
  readonly field?: string
  /** What it was called when it was last seen, or its first line; may be empty. */
  readonly title: string
  /** When it was last open here, in milliseconds since 1970. */
  readonly at: number
}

const KEY = "codraft.recents"
const MAX_RECENTS = 200

/** The list as this browser remembers it. */
export function recents(): readonly Recent[] {
  return recall(KEY, isList)?.filter(isRecent) ?? []
}

/** Notes that a document is open now. */
export function noteRecent(recent: Recent) {
  remember(KEY, withRecent(recents(), recent))
}

/** Takes a document off the list; the document itself stays. */
export function forgetRecent(name: string) {
  remember(KEY, without(recents(), name))
}

/** The list with `recent` first and each name once. */
export function withRecent(list: readonly Recent[], recent: Recent): readonly Recent[] {
  return [recent, ...without(list, recent.name)].slice(0, MAX_RECENTS)
}

function without(list: readonly Recent[], name: string): readonly Recent[] {
  return list.filter(recent => recent.name !== name)
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

function isRecent(value: unknown): value is Recent {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.title === "string" &&
    (value.field === undefined || typeof value.field === "string") &&
    typeof value.at === "number"
  )
}
