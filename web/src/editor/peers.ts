/**
 * Who else is in the document and where they write, as a value of the editor's state.
 * Knows nothing of drawing: `presence.ts` shows carets, the page shows avatars.
 */
import { EditorSelection, StateEffect, StateField, Transaction } from "@codemirror/state"
import type { Peer } from "../peer"

/** Replaces everything known about the others. Offsets are those after the transaction's changes. */
export const setPeers = StateEffect.define<readonly Peer[]>()

/** The others, their offsets kept right through every edit between two reports. */
export const peers = StateField.define<readonly Peer[]>({
  create: () => [],
  update(value, tr) {
    if (tr.docChanged) value = value.map(peer => mapped(peer, tr))
    for (let effect of tr.effects) {
      if (effect.is(setPeers)) value = reported(effect.value, value, tr.newDoc.length)
    }
    return value
  },
})

/** The text a peer has selected, or its caret; nothing when it shows none. */
export function rangeOf(peer: Peer) {
  return peer.head < 0 ? null : EditorSelection.range(peer.anchor, peer.head)
}

function mapped(peer: Peer, tr: Transaction): Peer {
  if (peer.head < 0) return peer
  let { changes } = tr
  let head = changes.mapPos(peer.head, -1)
  let anchor = changes.mapPos(peer.anchor, -1)
  let after = changes.mapPos(peer.head, 1)
  // What arrives from afar exactly at a caret is most likely its owner typing: the caret goes along.
  let typed = after !== head && peer.anchor === peer.head && tr.annotation(Transaction.remote)
  return typed ? { ...peer, anchor: after, head: after, moves: peer.moves + 1 } : { ...peer, anchor, head }
}

function reported(peers: readonly Peer[], known: readonly Peer[], length: number): readonly Peer[] {
  let before = new Map(known.map(peer => [peer.client, peer]))
  return peers.map(peer => moved(peer, before.get(peer.client), length))
}

function moved(peer: Peer, before: Peer | undefined, length: number): Peer {
  let head = Math.min(peer.head, length)
  let anchor = head < 0 ? -1 : Math.min(Math.max(peer.anchor, 0), length)
  let same = before && before.anchor === anchor && before.head === head
  return { ...peer, anchor, head, moves: (before?.moves ?? 0) + (same ? 0 : 1) }
}
