import { describe, expect, it } from "vitest"
import { directionOf, hasRtl } from "../src/editor/direction"

describe("the direction of a line", () => {
  it.each([
    ["hello", "ltr"],
    ["שלום", "rtl"],
    ["مرحبا", "rtl"],
    ["- שלום and more", "rtl"],
    ["- [x] שלום", "rtl"],
    ["1. [X] مرحبا", "rtl"],
    ["> - [ ] שלום", "rtl"],
    ["## שלום", "rtl"],
    ["**שלום**", "rtl"],
    ["- [x] done, שלום", "ltr"],
    ["日本語", "ltr"],
    ["𐤀𐤁", "rtl"],
    ["- ", null],
    ["- [x] ", null],
    ["---", null],
    ["123 + 4", null],
    ["", null],
  ])("%j is %s", (text, direction) => {
    expect(directionOf(text)).toBe(direction)
  })

  it("is not looked for where nothing is read from right to left", () => {
    expect(hasRtl("all of it so")).toBe(false)
    expect(hasRtl("a word: שלום")).toBe(true)
    expect(hasRtl("𐤀")).toBe(true)
    expect(hasRtl("😀")).toBe(false)
  })
})
