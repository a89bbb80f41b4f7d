import { describe, expect, it } from "vitest"
import {
  cycleHeading,
  insertRule,
  setHeading,
  toggleCodeBlock,
  toggleList,
  toggleQuote,
} from "../src/editor/format/blocks"
import { tickTasks } from "../src/editor/format/tasks"
import { made } from "./writer"

let bullets = toggleList("bullets")
let numbers = toggleList("numbers")
let tasks = toggleList("tasks")

describe("a heading", () => {
  it.each([
    [1, "Pl¦an", "# Pl¦an"],
    [2, "# Pl¦an", "## Pl¦an"],
    [2, "## Pl¦an", "Pl¦an"],
    [0, "### Pl¦an ###", "Pl¦an"],
    [1, "## Pl¦an ##", "# Pl¦an"],
    [3, "¦", "### ¦"],
    [1, "- pl¦an", "# pl¦an"],
    [1, "> pl¦an", "> # pl¦an"],
    [2, "Pl¦an\n====\nmore", "## Pl¦an\nmore"],
    [1, "Pl¦an\n====\nmore", "Pl¦an\nmore"],
    [1, "«a\n\nb»", "# «a\n\n# b»"],
    [1, "```\n# c¦\n```", null],
  ])("of level %i makes %j %j", (level, before, then) => {
    expect(made(before, setHeading(level))).toBe(then)
  })

  it("goes round", () => {
    let texts = ["Pl¦an"]
    for (let i = 0; i < 4; i++) texts.push(made(texts.at(-1) ?? "", cycleHeading) ?? "")
    expect(texts).toEqual(["Pl¦an", "# Pl¦an", "## Pl¦an", "### Pl¦an", "Pl¦an"])
  })
})

describe("a list", () => {
  it.each([
    ["of bullets", bullets, "«a\nb»", "- «a\n- b»"],
    ["of numbers", numbers, "«a\nb\n\nc»", "1. «a\n2. b\n\n3. c»"],
    ["of tasks", tasks, "«a\nb»", "- [ ] «a\n- [ ] b»"],
    ["from nothing", bullets, "¦", "- ¦"],
    ["from a heading", bullets, "## a¦", "- a¦"],
    ["from bullets to numbers", numbers, "«- a\n- b»", "«1. a\n2. b»"],
    ["from numbers to bullets", bullets, "«1. a\n2. b»", "«- a\n- b»"],
    ["from bullets to tasks", tasks, "* a¦", "* [ ] a¦"],
    ["from tasks to bullets", bullets, "- [x] a¦", "- a¦"],
    ["back to words", bullets, "«- a\n- b»", "«a\nb»"],
    ["back from tasks", tasks, "- [x] a¦", "a¦"],
    ["of some that are items already", bullets, "«- a\nb»", "«- a\n- b»"],
    ["that numbers on from above", numbers, "1. a\nb¦", "1. a\n2. b¦"],
    [
      "of numbers in levels",
      numbers,
      "«- a\n  - b\n  - c\n    x\n- d»",
      "«1. a\n   1. b\n   2. c\n      x\n2. d»",
    ],
    ["in a quote", bullets, "> a¦", "> - a¦"],
    ["whose numbers end before others", bullets, "1. a\n2. b¦\n3. c", "1. a\n- b¦\n3. c"],
  ])("%s", (_, command, before, then) => {
    expect(made(before, command)).toBe(then)
  })

  it("is none in code", () => {
    expect(made("```\na¦\n```", bullets)).toBeNull()
  })
})

describe("a quote", () => {
  it.each([
    ["a¦", "> a¦"],
    ["> a¦", "a¦"],
    ["«a\n\nb»", "> «a\n> \n> b»"],
    ["«> a\n> b»", "«a\nb»"],
    ["«> a\nb»", "> «> a\n> b»"],
    ["> > a¦", "> a¦"],
    ["¦", "> ¦"],
  ])("turns %j into %j", (before, then) => {
    expect(made(before, toggleQuote)).toBe(then)
  })
})

describe("a tick", () => {
  it.each([
    ["- [ ] a¦", "- [x] a¦"],
    ["- [x] a¦", "- [ ] a¦"],
    ["1. [X] a¦", "1. [ ] a¦"],
    ["«- [ ] a\n- [x] b»", "«- [x] a\n- [x] b»"],
    ["«- [x] a\nword\n- [x] b»", "«- [ ] a\nword\n- [ ] b»"],
    ["> - [ ] a¦", "> - [x] a¦"],
    ["- a¦", null],
    ["```\n- [ ] a¦\n```", null],
  ])("turns %j into %j", (before, then) => {
    expect(made(before, tickTasks)).toBe(then)
  })
})

describe("a code block", () => {
  it.each([
    ["¦", "```\n¦\n```"],
    ["a¦b", "```\na¦b\n```"],
    ["«a\nb»\nc", "```\n«a\nb»\n```\nc"],
    ["«a\nb\n»c", "```\n«a\nb»\n```\nc"],
    ["‹a\nb›", "```\n‹a\nb›\n```"],
    ["«```\nb»", null],
    ["```js\na¦b\n```\nc", "a¦b\nc"],
    ["```\n¦\n```", "¦"],
    ["```\na¦b", "a¦b"],
    ["> a¦", "> ```\n> a¦\n> ```"],
  ])("turns %j into %j", (before, then) => {
    let text = made(before, toggleCodeBlock)
    if (then !== null) expect(text).toBe(then)
  })

  it("has a fence that nothing in it ends", () => {
    expect(made("«a\n```\nb»", toggleCodeBlock)).toBe("````\n«a\n```\nb»\n````")
  })
})

describe("a rule", () => {
  it.each([
    ["¦", "---\n\n¦"],
    ["a¦", "a\n\n---\n\n¦"],
    ["a¦b\nc", "ab\n\n---\n\n¦\nc"],
    ["a\n¦", "a\n\n---\n\n¦"],
    ["a\n\n¦", "a\n\n---\n\n¦"],
  ])("behind %j makes %j", (before, then) => {
    expect(made(before, insertRule)).toBe(then)
  })
})
