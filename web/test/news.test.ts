import { EditorState, Text, Transaction } from "@codemirror/state"
import { describe, expect, it } from "vitest"
import { fromReplica } from "../src/editor/collab"
import { dropNews, news as extension, gather, linesOf, newsOf } from "../src/editor/news"

type Change = { from: number; to?: number; insert?: string }

function begin(doc: string): EditorState {
  return EditorState.create({ doc, extensions: extension() }).update({ effects: gather.of(true) }).state
}

function theirs(state: EditorState, ...changes: Change[]): EditorState {
  return state.update({ changes, annotations: [fromReplica.of(true), Transaction.remote.of(true)] }).state
}

function lines(state: EditorState): number[] {
  return [...linesOf(newsOf(state), state.doc)]
}

describe("what others have changed", () => {
  it("is counted in lines, and lines that were added are counted without their neighbours", () => {
    expect(lines(theirs(begin("one\ntwo\nthree"), { from: 5, insert: "x" }))).toEqual([2])
    expect(lines(theirs(begin("one\ntwo\nthree"), { from: 3, insert: "\nnew" }))).toEqual([2])
    expect(lines(theirs(begin("one\ntwo\nthree"), { from: 4, insert: "new\n" }))).toEqual([2])
    expect(lines(theirs(begin("one\ntwo\nthree"), { from: 1, to: 6 }))).toEqual([1])
    expect(lines(theirs(begin(""), { from: 0, insert: "a\nb\nc" }))).toEqual([1, 2, 3])
  })

  it("is not what this person types, which only moves it", () => {
    let state = theirs(begin("one\ntwo\nthree"), { from: 8, insert: "two and a half\n" })
    state = state.update({ changes: { from: 0, insert: "zero\n" } }).state
    expect(lines(state)).toEqual([4])
  })

  it("is gathered only while nobody looks, and forgotten when told", () => {
    let state = theirs(begin("one\ntwo"), { from: 0, insert: "x" })
    state = state.update({ effects: gather.of(false) }).state
    state = theirs(state, { from: 5, insert: "y" })
    expect(lines(state)).toEqual([1])
    expect(lines(state.update({ effects: dropNews.of(null) }).state)).toEqual([])
  })

  it("does not grow without end, and loses none of the lines", () => {
    let doc = "a line\n".repeat(5_000)
    let state = begin(doc)
    for (let line = 0; line < 5_000; line += 5)
      state = theirs(state, { from: state.doc.line(line + 1).from, insert: "x" })
    expect(newsOf(state).length).toBeLessThanOrEqual(500)
    let changed = linesOf(newsOf(state), state.doc)
    for (let line = 0; line < 5_000; line += 5) expect(changed.has(line + 1)).toBe(true)
  })

  it("is nothing where something was inserted and taken away again", () => {
    let state = theirs(begin("one"), { from: 3, insert: "x" })
    state = theirs(state, { from: 3, to: 4 })
    expect(linesOf(newsOf(state), state.doc).size).toBeLessThanOrEqual(1)
    expect(linesOf([{ from: 0, to: 0 }], Text.empty)).toEqual(new Set([1]))
  })
})
