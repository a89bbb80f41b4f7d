import { describe, expect, it } from "vitest"
import { markupOf } from "../src/editor/markdown"
import { titleOf } from "../src/page/title"

describe("the markup of a line", () => {
  it.each([
    ["- word", "- ", "- "],
    ["  * word", "  * ", "  * "],
    ["1. word", "1. ", "2. "],
    ["9) word", "9) ", "10) "],
    ["- [x] done", "- [x] ", "- [ ] "],
    ["> said", "> ", "> "],
    ["> - said", "> - ", "> - "],
    ["plain", "", ""],
    ["    code", "", ""],
    ["-5 degrees", "", ""],
    ["**bold**", "", ""],
    ["1.5 litres", "", ""],
    ["", "", ""],
  ])("%j opens with %j and goes on with %j", (text, prefix, next) => {
    expect(markupOf(text)).toEqual([prefix, next])
  })
})

describe("the title of a document", () => {
  it.each([
    [["# Launch notes", "text"], "Launch notes"],
    [["", "  ", "## *Plan* ##"], "Plan"],
    [["- first"], "first"],
    [["---", "***", "Words"], "Words"],
    [["`"], ""],
    [[], ""],
    [["😀".repeat(100)], "😀".repeat(80)],
  ])("of %j is %j", (lines, title) => {
    expect(titleOf(lines)).toBe(title)
  })
})
