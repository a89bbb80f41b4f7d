import { ChangeSet, Text } from "@codemirror/state"
import { describe, expect, it } from "vitest"
import { headingsOf } from "../src/editor/headings"
import { Matches } from "../src/editor/search/matches"
import { complaint, patternOf, type Query } from "../src/editor/search/query"
import { Template } from "../src/editor/search/replacement"
import { type Found, MOST, scan } from "../src/editor/search/scan"
import { chance, seeds } from "./seeds"

const plain: Query = { text: "", caseSensitive: false, word: false, regexp: false }

/** Everything found, as its words. */
function found(
  query: Partial<Query>,
  text: string,
  more: { from?: number; to?: number; template?: string } = {},
): Found {
  let { source, flags } = patternOf({ ...plain, ...query })
  let { from = 0, to = text.length, template } = more
  let steps = scan({
    pattern: new RegExp(source, flags),
    text,
    scope: { from, to },
    template: template === undefined ? undefined : new Template(template),
  })
  for (;;) {
    let step = steps.next()
    if (step.done) return step.value
  }
}

const spans = ({ ranges }: Found) =>
  Array.from({ length: ranges.length / 2 }, (_, i) => [ranges[2 * i], ranges[2 * i + 1]])
const words = (query: Partial<Query>, text: string) =>
  spans(found(query, text)).map(([from, to]) => text.slice(from, to))

describe("what is found", () => {
  it("means itself, whatever signs it is made of", () => {
    let signs = String.raw`a.b*c+(d)[e]{f}^$|/\-`
    expect(words({ text: signs }, `x${signs}y`)).toEqual([signs])
    expect(words({ text: "a.c" }, "abc a.c")).toEqual(["a.c"])
  })
  it("minds case and words if asked", () => {
    expect(words({ text: "cat" }, "cat Cat concat cat’s")).toEqual(["cat", "Cat", "cat", "cat"])
    expect(words({ text: "cat", caseSensitive: true }, "cat Cat")).toEqual(["cat"])
    expect(words({ text: "cat", word: true }, "cat concat cats cat_ Cat écat catè")).toEqual(["cat", "Cat"])
    expect(words({ text: "a|b", word: true, regexp: true }, "a b ab")).toEqual(["a", "b"])
  })
  it("is found with accents however they are written", () => {
    let composed = "caf\u00e9"
    let apart = "cafe\u0301"
    for (let text of [composed, apart])
      expect(words({ text }, `${composed} ${apart}`)).toEqual([composed, apart])
  })
  it("may be nothing, at ends of lines", () => {
    expect(spans(found({ text: "^", regexp: true }, "a\n\nb"))).toEqual([
      [0, 0],
      [2, 2],
      [3, 3],
    ])
    expect(spans(found({ text: "$", regexp: true }, "😀\nb"))).toEqual([
      [2, 2],
      [4, 4],
    ])
  })
  it("lies within the part that is looked at", () => {
    expect(spans(found({ text: "aa" }, "aaaaaa", { from: 1, to: 4 }))).toEqual([[1, 3]])
    expect(spans(found({ text: "a*", regexp: true }, "aaaa", { from: 1, to: 3 }))).toEqual([])
  })
  it("is no more than can be looked at", () => {
    let all = found({ text: "a" }, "a".repeat(MOST + 10))
    expect(all.isCapped).toBe(true)
    expect(all.ranges.length).toBe(2 * MOST)
  })
  it("says what an expression lacks without repeating it", () => {
    let words = ""
    try {
      patternOf({ ...plain, text: "(a: b", regexp: true })
    } catch (error) {
      words = complaint(error)
    }
    expect(words).toBe("Unterminated group")
  })
})

describe("replacements", () => {
  let replaced = (template: string) => {
    let { replacements } = found({ text: String.raw`(\w+) (?<last>\w+)?`, regexp: true }, "Anna Ash", {
      template,
    })
    return replacements?.[0]
  }
  it("put in what groups have found", () => {
    expect(replaced("$2, $1")).toBe("Ash, Anna")
    expect(replaced("$<last>: $&")).toBe("Ash: Anna Ash")
    expect(replaced(String.raw`$1\n\t\\$$`)).toBe("Anna\n\t\\$")
    expect(replaced("$7$<none>")).toBe("")
    expect(replaced("")).toBe("")
  })
  it("know when they are always the same", () => {
    expect(new Template("a$$b\\n").always).toBe("a$b\n")
    expect(new Template("a$1").always).toBeNull()
    expect(new Template("").always).toBe("")
  })
})

describe("matches in a text that changes", () => {
  let matches = (...ranges: number[]) => new Matches({ ranges: Uint32Array.from(ranges), isCapped: false })
  let insert = (length: number, at: number, text: string) =>
    ChangeSet.of({ from: at, insert: text }, length).desc
  let remove = (length: number, from: number, to: number) => ChangeSet.of({ from, to }, length).desc

  it("stay at their words, also when something is written right beside them", () => {
    let cats = matches(2, 5, 8, 11)
    cats.changed(insert(20, 0, "xx"))
    cats.changed(insert(22, 4, "-"))
    cats.changed(insert(23, 8, "s"))
    expect([cats.at(0), cats.at(1)]).toEqual([
      { from: 5, to: 8 },
      { from: 12, to: 15 },
    ])
    expect(cats.indexOf({ from: 12, to: 15 })).toBe(1)
    expect(cats.firstFrom(6)).toBe(1)
    expect(cats.firstFrom(13)).toBe(2)
  })
  it("are gone when they are changed", () => {
    let cats = matches(2, 5, 8, 9)
    cats.changed(insert(20, 3, "x"))
    expect(cats.at(0)).toBeNull()
    cats.changed(remove(21, 9, 10))
    expect(cats.at(1)).toBeNull()
  })
  it("are where each one alone would be, and never anything else", () => {
    for (let seed of seeds(300)) {
      let below = chance(seed)
      let letters = Array.from({ length: 40 }, (_, i) => String.fromCharCode(0x100 + i)).join("")
      let now = letters
      let all = matches(...Array.from({ length: 10 }, (_, i) => [i * 4, i * 4 + 3]).flat())
      let alone = Array.from({ length: 10 }, (_, i): { from: number; to: number } | null => ({
        from: i * 4,
        to: i * 4 + 3,
      }))
      for (let step = 0; step < 5; step++) {
        let from = below(now.length + 1)
        let to = Math.min(now.length, from + below(4))
        let text = "x".repeat(below(3))
        all.changed(ChangeSet.of({ from, to, insert: text }, now.length).desc)
        alone = alone.map(span => {
          if (
            !span ||
            (from < span.to && span.from < to) ||
            (span.from < from && from === to && to < span.to)
          )
            return null
          let shift = to <= span.from ? text.length - (to - from) : 0
          return { from: span.from + shift, to: span.to + shift }
        })
        now = now.slice(0, from) + text + now.slice(to)
      }
      for (let [i, span] of alone.entries()) {
        let at = all.at(i)
        if (span) expect(at, `seed ${seed}`).toEqual(span)
        // What was changed and changed back is itself again.
        if (at) expect(now.slice(at.from, at.to), `seed ${seed}`).toBe(letters.slice(i * 4, i * 4 + 3))
      }
    }
  })
})

describe("headings", () => {
  let headings = (text: string) =>
    headingsOf(Text.of(text.split("\n"))).map(({ text, level, line }) => [text, level, line])
  it("are those of both kinds, and none of code", () => {
    let text =
      "# One\n\nTwo\n===\n\n```\n# no\n```\n### Th*r*ee ##\n- item\n---\n~~~~\n~~~\n# no\n~~~~\nFour\n--"
    expect(headings(text)).toEqual([
      ["One", 1, 1],
      ["Two", 1, 3],
      ["Three", 3, 9],
      ["Four", 2, 16],
    ])
  })
  it("are no hashes without words, or without a space", () => {
    expect(headings("#\n#tag\n####### seven\n# ")).toEqual([])
  })
})
