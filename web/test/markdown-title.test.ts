import { describe, expect, it } from "vitest"
import { titleOf } from "../src/page/title"

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
