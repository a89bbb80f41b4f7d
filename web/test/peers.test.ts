import { EditorState, Transaction } from "@codemirror/state"
import { describe, expect, it } from "vitest"
import { peers, setPeers } from "../src/editor/peers"
import type { Peer } from "../src/peer"

const ana: Peer = {
  client: 1,
  id: "ana",
  name: "Ana",
  color: "#cc3741",
  anchor: 4,
  head: 4,
  moves: 0,
  note: "",
}

function withPeers(doc: string, ...list: Peer[]) {
  let state = EditorState.create({ doc, extensions: peers })
  return state.update({ effects: setPeers.of(list) }).state
}

function first(state: EditorState): Peer {
  let [peer] = state.field(peers)
  if (!peer) throw new Error("nobody is here")
  return peer
}

describe("carets of others", () => {
  it("stay at their words while text before them changes", () => {
    let state = withPeers("one two", ana).update({ changes: { from: 0, to: 3, insert: "eleven" } }).state
    expect(first(state).head).toBe(7)
  })
  it("stay before what is typed here at the same place", () => {
    let state = withPeers("one two", ana).update({ changes: { from: 4, insert: "x" } }).state
    expect(first(state)).toMatchObject({ head: 4, moves: 1 })
  })
  it("go along with what arrives at their place, and count as moved", () => {
    let tr = { changes: { from: 4, insert: "x" }, annotations: Transaction.remote.of(true) }
    expect(first(withPeers("one two", ana).update(tr).state)).toMatchObject({ anchor: 5, head: 5, moves: 2 })
  })
  it("count as moved only when they moved", () => {
    let state = withPeers("one two", ana)
    let same = state.update({ effects: setPeers.of([ana]) }).state
    let moved = same.update({ effects: setPeers.of([{ ...ana, head: 6 }]) }).state
    expect([first(state).moves, first(same).moves, first(moved).moves]).toEqual([1, 1, 2])
  })
  it("never stand outside the text", () => {
    expect(first(withPeers("ab", { ...ana, anchor: 0, head: 99 }))).toMatchObject({ anchor: 0, head: 2 })
  })
  it("stay absent where none is shown", () => {
    let state = withPeers("ab", { ...ana, anchor: -1, head: -1 }).update({
      changes: { from: 0, insert: "x" },
    }).state
    expect(first(state).head).toBe(-1)
  })
})
