import { ChangeSet, type Text } from "@codemirror/state"
import { describe, expect, it } from "vitest"
import type { Splices } from "../src/client"
import { changeSpecOf, splicesOf, textOf } from "../src/editor/splices"
import { spliceBetween } from "../src/splice"
import { chance, seeds } from "./seeds"

const PIECES = ["a", "word ", "\n", "é", "漢字", "😀", "👩‍👩‍👧", "שלום", "\t", "\n\n# "]

/** A replica as the wire sees it: flat splices over a plain string. */
function applied(text: string, { ranges, inserted }: Splices): string {
  let result = ""
  let at = 0
  let used = 0
  for (let i = 0; i < ranges.length; i += 3) {
    let [from = 0, to = 0, length = 0] = ranges.subarray(i, i + 3)
    result += text.slice(at, from) + inserted.slice(used, used + length)
    at = to
    used += length
  }
  return result + text.slice(at)
}

function randomText(below: (n: number) => number, pieces: number): string {
  return Array.from({ length: below(pieces) }, () => PIECES[below(PIECES.length)]).join("")
}

function randomChanges(below: (n: number) => number, doc: Text): ChangeSet {
  let specs = Array.from({ length: 1 + below(4) }, () => {
    let ends = [below(doc.length + 1), below(doc.length + 1)].sort((a, b) => a - b)
    return {
      from: ends[0] ?? 0,
      to: Math.min(ends[1] ?? 0, (ends[0] ?? 0) + below(6)),
      insert: randomText(below, 4),
    }
  })
  let whole = ChangeSet.empty(doc.length)
  for (let spec of specs) whole = whole.compose(ChangeSet.of(clipped(spec, whole.newLength), whole.newLength))
  return whole
}

function clipped(spec: { from: number; to: number; insert: string }, length: number) {
  return { ...spec, from: Math.min(spec.from, length), to: Math.min(spec.to, length) }
}

describe("splices", () => {
  it.each(seeds(300))("say the same as the change set they come from (seed %i)", seed => {
    let below = chance(seed)
    let doc = textOf(randomText(below, 40))
    let changes = randomChanges(below, doc)
    let splices = splicesOf(changes)
    expect(applied(doc.toString(), splices)).toBe(changes.apply(doc).toString())
    expect(ChangeSet.of(changeSpecOf(splices), doc.length).apply(doc).toString()).toBe(
      changes.apply(doc).toString(),
    )
  })

  it("are sorted and disjoint", () => {
    let changes = ChangeSet.of(
      [
        { from: 8, to: 9 },
        { from: 2, to: 4, insert: "x" },
        { from: 2, insert: "y" },
      ],
      10,
    )
    let { ranges } = splicesOf(changes)
    for (let i = 3; i < ranges.length; i += 3) expect(ranges[i]).toBeGreaterThanOrEqual(ranges[i - 2] ?? 0)
  })

  it("keep a foreign carriage return as one character", () => {
    let doc = textOf("a\r\nb\rc")
    expect(doc.length).toBe(6)
    expect(doc.lines).toBe(2)
    let spec = changeSpecOf({ ranges: Uint32Array.of(0, 0, 3), inserted: "x\r\n" })
    expect(ChangeSet.of(spec, 6).apply(doc).toString()).toBe("x\r\na\r\nb\rc")
  })

  it.each(seeds(100))("turn any text into any other (seed %i)", seed => {
    let below = chance(seed)
    let old = randomText(below, 12)
    let now = randomText(below, 12)
    let splice = spliceBetween(old, now)
    let insert = textOf(splice.insert)
    expect(
      ChangeSet.of({ ...splice, insert }, old.length)
        .apply(textOf(old))
        .toString(),
    ).toBe(now)
  })

  it("turn a text into a near one by touching only what differs", () => {
    expect(spliceBetween("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" })
  })
})
