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
    [["# The `__init__` method"], "The __init__ method"],
    [["Use `a*b` or `c*d`, and ``a`b``"], "Use a*b or c*d, and a`b"],
    [["[![Build](a.svg)](https://example.org)"], "Build"],
    [["[Foo](https://example.org/Foo_(bar)) is *there*"], "Foo is there"],
    [["[a\\_b](c\\_d) and \\*e\\* too"], "a_b and *e* too"],
    [["\ue041 and \ue042 \\* too"], "\ue041 and \ue042 * too"],
    [["**open"], "open"],
    [["#tag"], "tag"],
    [[], ""],
    [["😀".repeat(100)], "😀".repeat(80)],
  ])("of %j is %j", (lines, title) => {
    expect(titleOf(lines)).toBe(title)
  })
})
