import { describe, expect, it } from "vitest"
import { cellsOf, isCells, isRich } from "../src/editor/format/clipboard"
import { cellsIn, readTable, tableOf, widthOf, writeTable } from "../src/editor/format/table-text"

let tidy = (text: string) => writeTable(readTable(text.split("\n"))).join("\n")

describe("a table", () => {
  it.each([
    [
      "| a | b |\n|-|-|\n| long words | c |",
      "| a          | b   |\n| ---------- | --- |\n| long words | c   |",
    ],
    ["a | b\n--- | ---\nc | d", "| a   | b   |\n| --- | --- |\n| c   | d   |"],
    [
      "|l|c|r|\n|:-|:-:|-:|\n|one|two|three|",
      "| l   |  c  |     r |\n| :-- | :-: | ----: |\n| one | two | three |",
    ],
    ["|a|\n|-|\n|x\\|y|", "| a    |\n| ---- |\n| x\\|y |"],
    ["|日本|b|\n|-|-|\n|a|c|", "| 日本 | b   |\n| ---- | --- |\n| a    | c   |"],
    [
      "|🍅|b|\n|-|-|\n|👩‍👩‍👧|c|\n|abcd|",
      "| 🍅   | b   |\n| ---- | --- |\n| 👩‍👩‍👧   | c   |\n| abcd |     |",
    ],
    ["|a|b|\n|-|-|\n|1|2|3|", "| a   | b   |\n| --- | --- |\n| 1   | 2   | 3 |"],
    ["|a||\n|-|-|\n|||", "| a   |     |\n| --- | --- |\n|     |     |"],
  ])("%j is written as it should be", (before, after) => {
    expect(tidy(before)).toBe(after)
    expect(tidy(after)).toBe(after)
  })

  it("is made of cells of any words", () => {
    let { rows } = tableOf([["a|b", "c"], ["two\nlines"]])
    expect(rows).toEqual([
      ["a\\|b", "c"],
      ["two lines", ""],
    ])
  })

  it("has its cells where they are", () => {
    let text = "> | one |  | \\| |"
    expect(cellsIn(text).map(({ start, end }) => text.slice(start, end))).toEqual(["one", "", "\\|"])
    expect(cellsIn("a | b").map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [3, 5],
    ])
  })

  it.each([
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["日本", 4],
    ["한", 2],
    ["Ａ", 2],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["שלום", 4],
  ])("gives %j a width of %i", (text, width) => {
    expect(widthOf(text)).toBe(width)
  })
})

describe("what is on the clipboard", () => {
  it("is cells when its rows have tabs alike", () => {
    expect(isCells("a\tb\nc\td")).toBe(true)
    expect(isCells("a\tb\r\nc\td\r\n")).toBe(true)
    expect(isCells("a\tb")).toBe(false)
    expect(isCells("a\tb\nc")).toBe(false)
    expect(isCells("\tif x:\n\treturn")).toBe(false)
    expect(isCells("one\ntwo")).toBe(false)
    expect(cellsOf("a\tb\r\nc\t\n")).toEqual([
      ["a", "b"],
      ["c", ""],
    ])
  })

  it("is rich when its tags say something", () => {
    expect(isRich("<p>one</p>", [])).toBe(false)
    expect(isRich("<span>one</span>", [])).toBe(false)
    expect(isRich("<p>a <b>bold</b> word</p>", [])).toBe(true)
    expect(isRich('<a href="https://example.org">x</a>', [])).toBe(true)
    expect(isRich("<div><b>const</b></div>", ["text/plain", "vscode-editor-data"])).toBe(false)
  })
})
