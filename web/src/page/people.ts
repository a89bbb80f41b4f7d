/**
 * From connections to people: one entry for each person, however many tabs they have open.
 * Knows no elements; `avatars.ts` shows what this decides.
 */
import type { Peer } from "../editor/peers"
import { messages } from "../messages"

/** Somebody else in the document. */
export interface Participant {
  /** Tells people apart: their id, or their connection where the program gives none. */
  readonly key: string
  readonly name: string
  readonly color: string
  readonly initials: string
  /** The connection that shows a caret, to be found in the text; without one the first. */
  readonly peer: Peer
}

/** The others, by name; connections of the person `ownId` are not others. */
export function participants(peers: readonly Peer[], ownId: string): Participant[] {
  let found = new Map<string, Participant>()
  for (let peer of peers) {
    let key = peer.id || `connection-${peer.client}`
    if (key === ownId) continue
    let known = found.get(key)
    if (known && (known.peer.head >= 0 || peer.head < 0)) continue
    let name = peer.name || messages.people.anonymous
    found.set(key, { key, name, color: peer.color, initials: initials(name), peer })
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || (a.key < b.key ? -1 : 1))
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" })

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
