import { Text } from "@codemirror/state"
import { describe, expect, it } from "vitest"
import { countsOf, minutesFor } from "../src/page/counting"

let of = (text: string) => countsOf(Text.of(text.split("\n")))

describe("the words of a text", () => {
  it.each([
    ["", 0],
    ["one two", 2],
    ["- one\n- two", 2],
    ["# Plan — now", 2],
    ["it's well-known, isn't it?", 4],
    ["see https://example.org/a/b now", 3],
    ["| a | b |\n| --- | --- |", 2],
    ["3.5 litres", 2],
    ["שלום עולם", 2],
    ["日本語の文", 3],
    ["我们一起写作", 3],
    ["สวัสดีชาวโลก", 3],
    ["한국어 문장", 2],
    ["👩‍👩‍👧 🎉", 0],
  ])("%j are %i", (text, words) => {
    expect(of(text)?.words).toBe(words)
  })

  it("count what is seen as one character once", () => {
    expect(of("a b")).toMatchObject({ characters: 3, solid: 2, lines: 1 })
    expect(of("👩‍👩‍👧é\n")).toMatchObject({ characters: 2, solid: 2, lines: 2 })
    expect(of("e\u0301")).toMatchObject({ characters: 1 })
  })

  it("take four minutes to read when there are a thousand", () => {
    expect(Math.round(minutesFor(1_000))).toBe(4)
  })
})

describe("counting a long text", () => {
  let lines = Array.from({ length: 20_000 }, (_, i) => `Line ${i} has some words, and 日本語 too.`)
  let text = Text.of(lines)

  it("stops when there is no time and goes on where it was", () => {
    let rounds = 0
    let counts = null
    while (!counts && rounds++ < 10_000) {
      let left = 50
      counts = countsOf(text, () => left-- > 0)
    }
    expect(counts?.lines).toBe(20_000)
    expect(rounds).toBeGreaterThan(5)
  })

  it("counts only what is new after an edit", () => {
    let before = countsOf(text)
    let asked = 0
    let after = countsOf(text.replace(500_000, 500_000, Text.of(["one more "])), () => ++asked > 0)
    expect(after?.words).toBeGreaterThan(before?.words ?? 0)
    expect(asked).toBeLessThan(8)
  })

  it("counts a selection from what it knows of the whole", () => {
    let asked = 0
    expect(countsOf(text.slice(1_000, 700_000), () => ++asked > 0)).not.toBeNull()
    expect(asked).toBeLessThan(8)
  })
})
