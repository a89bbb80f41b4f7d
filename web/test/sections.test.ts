import { defineLanguageFacet, ensureSyntaxTree, Language } from "@codemirror/language"
import { EditorState } from "@codemirror/state"
import { GFM, parser } from "@lezer/markdown"
import { describe, expect, it, vi } from "vitest"
import { sectionAt, sectionsOf, titleIn } from "../src/editor/sections"

let markdown = new Language(defineLanguageFacet(), parser.configure(GFM), [], "markdown")

function parsed(state: EditorState): EditorState {
  ensureSyntaxTree(state, state.doc.length, 10_000)
  return state.update({}).state
}

let stateOf = (doc: string) => parsed(EditorState.create({ doc, extensions: markdown }))

describe("the sections of a text", () => {
  it("are its headings", () => {
    let sections = sectionsOf(
      stateOf("# One\n\ntext\n\nTwo\n---\n\n```\n# no\n```\n\n> # quoted\n\n### **Three** `x` ###\n"),
    )
    expect(sections.map(({ level, title }) => [level, title])).toEqual([
      [1, "One"],
      [2, "Two"],
      [3, "Three x"],
    ])
  })

  it("are where they are after an edit before them, and only what is around it is looked at", () => {
    let part = (i: number) => `## Part ${i}\n\n${"Some words here. ".repeat(20)}\n\n- a\n- b\n\n`
    let state = stateOf(Array.from({ length: 1_000 }, (_, i) => part(i)).join(""))
    expect(sectionsOf(state)).toHaveLength(1_000)
    let edited = parsed(state.update({ changes: { from: 150_000, insert: "\n\n# New\n\n" } }).state)
    let slice = vi.spyOn(edited.doc, "sliceString")
    let sections = sectionsOf(edited)
    expect(slice.mock.calls.length).toBeLessThan(100)
    expect(sections).toHaveLength(1_001)
    for (let { from, title } of sections) expect(edited.doc.sliceString(from, from + 40)).toContain(title)
  })

  it("hold the places behind them", () => {
    let sections = [0, 10, 20].map(from => ({ from, level: 1, title: "" }))
    expect([-1, 0, 9, 10, 500].map(pos => sectionAt(sections, pos))).toEqual([-1, 0, 0, 1, 2])
  })

  it.each([
    ["# [Words](https://example.org) and *more*", "Words and more"],
    ["## a_b_c 2 * 3", "a_b_c 2 * 3"],
    ["#", ""],
    ["Two\n---", "Two"],
    ["# \\# sharp", "# sharp"],
    [`# ${"x".repeat(500)}`, `${"x".repeat(120)}…`],
  ])("of %j are called %j", (source, title) => {
    expect(titleIn(source)).toBe(title)
  })
})
