/**
 * From connections to people: one entry for each person, however many tabs they have open, with what they do.
 * Knows no elements.
 */
import { messages } from "../messages"
import type { Peer } from "../peer"
import { NOTHING, type Note, noteOf } from "./note"

/** What somebody does, as far as their program says. */
export type Doing = "typing" | "here" | "reading" | "away"

/** One of somebody's connections, with what its program says. */
export interface Tab {
  readonly peer: Peer
  readonly note: Note
}

/** Somebody else in the document. */
export interface Participant {
  /** Tells people apart: their id, or their connection where the program gives none. */
  readonly key: string
  readonly name: string
  readonly color: string
  readonly initials: string
  readonly doing: Doing
  /** They may only read. */
  readonly reader: boolean
  /** The key of whom they follow; empty for nobody. */
  readonly follows: string
  /** The connection that shows a caret, to be found in the text; without one the first. */
  readonly peer: Peer
}

/** The key of the person behind a connection. */
export function keyOf(peer: Peer): string {
  return peer.id || `connection-${peer.client}`
}

/** The others, by name; connections of the person `ownId` are not others. */
export function participants(peers: readonly Peer[], ownId: string): Participant[] {
  let tabs = new Map<string, Tab[]>()
  for (let peer of peers) {
    let key = keyOf(peer)
    if (key === ownId) continue
    let known = tabs.get(key)
    let tab = { peer, note: readNote(peer) }
    if (known) known.push(tab)
    else tabs.set(key, [tab])
  }
  let found = [...tabs].map(([key, tabs]) => participant(key, tabs))
  return found.sort((a, b) => compareNames(a.name, b.name) || (a.key < b.key ? -1 : 1))
}

/** The one of somebody's tabs that is worth looking at: where they have a caret, or see something. */
export function mainTab(tabs: readonly Tab[]): Tab | undefined {
  return (
    tabs.find(({ peer, note }) => peer.head >= 0 && !note.away) ??
    tabs.find(({ peer }) => peer.head >= 0) ??
    tabs.find(({ note }) => note.sees) ??
    tabs[0]
  )
}

const notes = new Map<string, Note>()

/** What the program behind a connection says; the same string is read once. */
export function readNote({ note }: Peer): Note {
  if (!note) return NOTHING
  let known = notes.get(note)
  if (known) return known
  if (notes.size > 500) notes.clear()
  let read = noteOf(note)
  notes.set(note, read)
  return read
}

function participant(key: string, tabs: readonly Tab[]): Participant {
  let { peer } = mainTab(tabs) ?? { peer: undefined }
  if (!peer) throw new Error("nobody without a tab")
  let name = peer.name || messages.people.anonymous
  let notes = tabs.map(({ note }) => note)
  let reader = notes.every(note => note.reader)
  let follows = notes.find(note => note.follows)?.follows ?? ""
  let doing = doingOf(notes, reader)
  return { key, name, color: peer.color, initials: initialsOf(name), doing, reader, follows, peer }
}

function doingOf(notes: readonly Note[], reader: boolean): Doing {
  if (notes.some(note => note.typing)) return "typing"
  if (notes.every(note => note.away)) return "away"
  return reader ? "reading" : "here"
}

/** Comparing names by the rules of a language is slow without this. */
const { compare: compareNames } = new Intl.Collator(undefined, { numeric: true })
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const known = new Map<string, string>()

function initialsOf(name: string): string {
  let letters = known.get(name)
  if (letters !== undefined) return letters
  if (known.size > 500) known.clear()
  letters = initials(name)
  known.set(name, letters)
  return letters
}

/** Up to two letters for a name: the first of its first and of its last word, whatever brackets that stands in. */
export function initials(name: string): string {
  let words = name.split(/[\s()[\]{}]+/).filter(Boolean)
  let ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends.map(word => firstCharacter(word ?? "").toUpperCase()).join("")
}

function firstCharacter(word: string): string {
  for (let { segment } of characters.segment(word)) return segment
  return ""
}
