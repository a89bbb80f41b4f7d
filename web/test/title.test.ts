import { describe, expect, it } from "vitest"
import { titleOf } from "../src/page/title"

describe("the title", () => {
  it.each([
    [["# Minutes **"], "Minutes"],
    [["", "> - _", "", "  second\t"], "second"],
    [["", "---", "* second `"], "second"],
    [["* * *", " "], ""],
    [["🦦".repeat(100)], "🦦".repeat(80)],
  ])("of %j is %j", (lines, title) => {
    expect(titleOf(lines)).toBe(title)
  })

  it("is found in no time in a line of spaces with a word at each end", () => {
    expect(titleOf([`a${" ".repeat(80_000)}b`])).toBe("a")
    expect(titleOf([`${" ".repeat(80_000)}a`])).toBe("a")
  })
})
