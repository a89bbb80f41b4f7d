import { EditorState } from "@codemirror/state"
import { describe, expect, it, vi } from "vitest"
import { itemsAround, openingOf, renumbering } from "../src/editor/format/items"
import { continueList, deleteMark, nestItems, unnestItems } from "../src/editor/format/lists"
import { made } from "./writer"

describe("Enter", () => {
  it.each([
    ["a bullet", "- one¦", "- one\n- ¦"],
    ["any bullet", "* one¦", "* one\n* ¦"],
    ["a nested bullet", "- one\n  + two¦", "- one\n  + two\n  + ¦"],
    ["a number", "1. one¦", "1. one\n2. ¦"],
    ["a number with a bracket", "9) one¦", "9) one\n10) ¦"],
    ["a task, that is not done", "- [x] one¦", "- [x] one\n- [ ] ¦"],
    ["a numbered task", "1. [ ] one¦", "1. [ ] one\n2. [ ] ¦"],
    ["a quote", "> one¦", "> one\n> ¦"],
    ["a list in a quote", "> - one¦", "> - one\n> - ¦"],
    ["in the middle of words", "- one ¦two", "- one \n- ¦two"],
    ["before the words", "- ¦one", "- \n- ¦one"],
    ["the numbers below", "1. one¦\n2. two\n3. three", "1. one\n2. ¦\n3. two\n4. three"],
    ["numbers that all are one", "1. one¦\n1. two", "1. one\n1. ¦\n1. two"],
    [
      "numbers that somebody else has confused",
      "1. one\n2. two¦\n44. three",
      "1. one\n2. two\n3. ¦\n4. three",
    ],
    [
      "numbers of one level only",
      "1. one¦\n   1. in\n   2. it\n2. two",
      "1. one\n2. ¦\n   1. in\n   2. it\n3. two",
    ],
    [
      "numbers that get longer, and what is in them",
      "8. a\n9. b¦\n10. c\n    - d",
      "8. a\n9. b\n10. ¦\n11. c\n    - d",
    ],
    ["what is nested moves along", "8. a¦\n9. b\n   - c\n   text", "8. a\n9. ¦\n10. b\n    - c\n    text"],
    ["a selection goes", "- o«ne\n- tw»o", "- o\n- ¦o"],
    ["at several cursors", "- one¦\n- two¦", "- one\n- ¦\n- two\n- ¦"],
    ["at several numbers", "1. one¦\n2. two¦", "1. one\n2. ¦\n3. two\n4. ¦"],
    ["a list after words", "Words:\n\n- one¦\n\nMore", "Words:\n\n- one\n- ¦\n\nMore"],
    ["Hebrew", "- שלום¦", "- שלום\n- ¦"],
    ["code in a quote", "> ```\n> code¦\n> ```", "> ```\n> code\n> ¦\n> ```"],
  ])("goes on with %s", (_, before, then) => {
    expect(made(before, continueList)).toBe(then)
  })

  it.each([
    ["a bullet", "- one\n- ¦", "- one\n¦"],
    ["a task", "- [ ] ¦", "¦"],
    ["a quote", "> one\n> ¦", "> one\n¦"],
    ["a list in a quote", "> - ¦", "> ¦"],
    ["a nested item, one level", "- one\n  - ¦", "- one\n- ¦"],
    ["a nested item among numbers", "1. one\n   - ¦\n2. two", "1. one\n2. ¦\n3. two"],
    ["a task in a list of tasks", "- [x] one\n  - [ ] ¦", "- [x] one\n- [ ] ¦"],
    ["a number, and those below move up", "1. one\n2. ¦\n3. two", "1. one\n¦\n2. two"],
  ])("without words ends %s", (_, before, then) => {
    expect(made(before, continueList)).toBe(then)
  })

  it.each([
    ["plain words", "one¦"],
    ["code", "```\n- one¦\n```"],
    ["code by its indentation", "one\n\n    - two¦"],
    ["a rule", "- - -¦"],
    ["a minus", "-5 degrees¦"],
    ["bold", "**bold**¦"],
    ["a number in words", "1.5 litres¦"],
    ["a cursor before the words", "-¦ one"],
    ["the text of an item's second line", "- one\n  two¦"],
  ])("is left to others on %s", (_, text) => {
    expect(made(text, continueList)).toBeNull()
  })

  it("is left to others where nothing may be written", () => {
    expect(made("- one¦", continueList, { readOnly: true })).toBeNull()
    expect(made("- one¦", continueList, { plain: true })).toBeNull()
  })
})

describe("Backspace", () => {
  it.each([
    ["- ¦one", "¦one"],
    ["- [ ] ¦one", "¦one"],
    ["1. ¦one\n2. two", "¦one\n2. two"],
    ["1. a\n2. ¦b\n3. c", "1. a\n¦b\n2. c"],
    ["> ¦one", "¦one"],
    ["> > ¦one", "> ¦one"],
    ["> - ¦one", "> ¦one"],
    ["- a\n  - ¦b", "- a\n  ¦b"],
    ["- ¦a\n- ¦b", "¦a\n¦b"],
  ])("turns %j into %j", (before, then) => {
    expect(made(before, deleteMark)).toBe(then)
  })

  it.each([["- o¦ne"], ["-¦ one"], ["one¦"], ["- «one»"], ["```\n- ¦one\n```"], ["- ¦a\n- b¦"]])(
    "is left to others in %j",
    text => {
      expect(made(text, deleteMark)).toBeNull()
    },
  )
})

describe("Tab", () => {
  it.each([
    ["an item", "- one\n- two¦", "- one\n  - two¦"],
    ["with what is in it", "- a\n- b¦\n  - c\n  text\n- d", "- a\n  - b¦\n    - c\n    text\n- d"],
    ["under a number, as far as its words", "1. one\n2. two¦\n3. three", "1. one\n   1. two¦\n2. three"],
    ["behind those that are there", "1. a\n   1. b\n2. c¦", "1. a\n   1. b\n   2. c¦"],
    ["looking like those that are there", "- a\n  * b\n- c¦", "- a\n  * b\n  * c¦"],
    ["all that are selected", "- a\n- «b\n- c»", "- a\n  - «b\n  - c»"],
    ["selected numbers", "1. a\n2. «b\n3. c»\n4. d", "1. a\n   1. «b\n   2. c»\n2. d"],
    ["in a quote", "> - a\n> - b¦", "> - a\n>   - b¦"],
    ["a task", "- [x] a\n- [ ] b¦", "- [x] a\n  - [ ] b¦"],
    ["at the beginning of its words", "- a\n- ¦b", "- a\n  - ¦b"],
  ])("nests %s", (_, before, then) => {
    expect(made(before, nestItems)).toBe(then)
  })

  it("is taken but does nothing on a first item, and is left to others outside of lists", () => {
    expect(made("- one¦", nestItems)).toBe("- one¦")
    expect(made("one¦", nestItems)).toBeNull()
    expect(made("```\n- one¦\n```", nestItems)).toBeNull()
  })
})

describe("Shift-Tab", () => {
  it.each([
    ["an item", "- one\n  - two¦", "- one\n- two¦"],
    ["with what is in it", "- a\n  - b¦\n    - c", "- a\n- b¦\n  - c"],
    ["as the next number", "1. a\n   1. b¦\n2. c", "1. a\n2. b¦\n3. c"],
    ["looking like what it was in", "1. a\n   - b¦", "1. a\n2. b¦"],
    ["taking those behind it along", "- a\n  - b¦\n  - c", "- a\n- b¦\n  - c"],
    ["all that are selected", "- a\n  - «b\n  - c»", "- a\n- «b\n- c»"],
    ["the space before a first one", "  - one¦", "- one¦"],
  ])("brings out %s", (_, before, then) => {
    expect(made(before, unnestItems)).toBe(then)
  })

  it("does nothing on an item that is in none", () => {
    expect(made("- one¦", unnestItems)).toBe("- one¦")
  })
})

describe("the items around a line", () => {
  let doc = (text: string) => EditorState.create({ doc: text }).doc

  it("know what they are in, what is before them and how far they reach", () => {
    let items = itemsAround(doc("- a\n  1. b\n     text\n  2. c\n\n- d\nend"), 2)
    expect(
      items.map(({ line, last, parent, previous }) => [line, last, parent?.line, previous?.line]),
    ).toEqual([
      [1, 4, undefined, undefined],
      [2, 3, 1, undefined],
      [4, 4, 1, 2],
      [6, 6, undefined, 1],
    ])
  })

  it("are none in a fence", () => {
    expect(itemsAround(doc("1. a\n   ```\n   5. b\n   ```\n2. c"), 1).map(item => item.line)).toEqual([1, 5])
  })

  it("are numbered by their place", () => {
    let text = doc("3. a\n3) b\n7) c\n\n9) d")
    let specs = renumbering(text, [1])
    expect(specs.map(({ insert }) => insert)).toEqual(["4", "5"])
  })

  it("are looked for no further than a thousand lines away", () => {
    let long = doc(Array.from({ length: 10_000 }, (_, i) => `${i + 1}. item`).join("\n"))
    let line = vi.spyOn(long, "line")
    expect(renumbering(long, [5_000])).toEqual([])
    expect(line.mock.calls.length).toBeLessThan(5_000)
  })

  it("open with a sign and a space", () => {
    expect(openingOf("-")).toBeNull()
    expect(openingOf("-", true)?.sign).toBe("-")
    expect(openingOf("- [x] done")?.box).toBe("[x] ")
    expect(openingOf("\t- x")?.column).toBe(4)
  })
})
