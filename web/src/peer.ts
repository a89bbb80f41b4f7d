/**
 * Somebody else in the document, as a replica reports them.
 * Knows no editor: where they are kept and drawn are other files' business.
 */
import type { Presence } from "./client"

/** One connection of somebody else. */
export interface Peer {
  readonly client: number
  /** The person behind it; empty when their program does not say. */
  readonly id: string
  readonly name: string
  readonly color: string
  /** -1 when it shows no caret. */
  readonly anchor: number
  readonly head: number
  /** Grows each time the caret moves by its owner's hand rather than by edits around it. */
  readonly moves: number
  /** What their program tells ours, as `together/note.ts` reads it. */
  readonly note: string
}

/** The report of a replica as peers. */
export function peersOf(presence: Presence): Peer[] {
  let { names, colors, ids, notes, anchors, heads } = presence
  return Array.from(presence.clients, (client, i) => ({
    client,
    id: ids[i] ?? "",
    name: names[i] ?? "",
    color: colors[i] ?? "",
    anchor: anchors[i] ?? -1,
    head: heads[i] ?? -1,
    moves: 0,
    note: notes[i] ?? "",
  }))
}
