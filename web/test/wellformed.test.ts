import { EditorState, Text } from "@codemirror/state"
import { describe, expect, it } from "vitest"
import { wellFormed } from "../src/editor/wellformed"

/** The text after one change by the person at the keyboard. */
function typed(doc: string, change: { from: number; to?: number; insert?: string }): string {
  let state = EditorState.create({ doc, extensions: wellFormed() })
  return state.update({ changes: change, userEvent: "input.type" }).newDoc.toString()
}

describe("local changes", () => {
  it("pass untouched when they are whole", () => {
    expect(typed("a😀b", { from: 1, to: 3, insert: "👍" })).toBe("a👍b")
  })
  it("lose half characters", () => {
    expect(typed("ab", { from: 1, insert: "x\ud83dy" })).toBe("ax\ufffdyb")
  })
  it("take the whole character where an edge cuts it", () => {
    expect(typed("a😀b", { from: 2, to: 4 })).toBe("a")
    expect(typed("a😀b", { from: 0, to: 2, insert: "x" })).toBe("xb")
  })
  it("go in front of a character they would split", () => {
    expect(typed("a😀b", { from: 2, insert: "x" })).toBe("ax😀b")
  })
  it("use one kind of line break, whatever was pasted", () => {
    expect(typed("", { from: 0, insert: "a\r\nb\rc\n" })).toBe("a\nb\nc\n")
  })
  it("keep what the person did with it", () => {
    let state = EditorState.create({ doc: Text.of(["a😀b"]), extensions: wellFormed() })
    let tr = state.update({ changes: { from: 2, to: 4 }, userEvent: "delete.cut", scrollIntoView: true })
    expect(tr.isUserEvent("delete.cut")).toBe(true)
    expect(tr.scrollIntoView).toBe(true)
  })
})
