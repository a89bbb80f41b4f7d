import { describe, expect, it } from "vitest"
import { titleOf } from "../src/page/title"

describe("the title of a document", () => {
  it.each([
    [["# Launch notes", "text"], "Launch notes"],
    [["", "  ", "## *Plan* ##"], "Plan"],
    [["- first"], "first"],
    [["---", "***", "Words"], "Words"],
    [["`"], ""],
    [["Some **bold** and *soft* words"], "Some bold and soft words"],
    [["**Plan** of __the ~~old~~ day__"], "Plan of the old day"],
    [["# [Notes](https://example.org) on `code_of_a_kind`"], "Notes on code_of_a_kind"],
    [["![A cat](files/a_cat.png)"], "A cat"],
    [["- [ ] water the plants"], "water the plants"],
    [["> ## ***Quoted***"], "Quoted"],
    [["snake_case_name and 2 * 3 * 4"], "snake_case_name and 2 * 3 * 4"],
    [["1\\. \\*Not\\* soft"], "1. *Not* soft"],
    [["**open"], "open"],
    [["#tag"], "tag"],
    [[], ""],
    [["😀".repeat(100)], "😀".repeat(80)],
  ])("of %j is %j", (lines, title) => {
    expect(titleOf(lines)).toBe(title)
  })
})
