/**
 * The two directions between CodeMirror's change sets and the replica's flat splices.
 * Knows neither the view nor the replica: plain values in, plain values out.
 */
import { type ChangeSet, type ChangeSpec, Text } from "@codemirror/state"
import type { Splices } from "../client"

/** What a transaction changed, as the replica takes it. */
export function splicesOf(changes: ChangeSet): Splices {
  let ranges: number[] = []
  let inserted = ""
  changes.iterChanges((fromA, toA, _fromB, _toB, text) => {
    ranges.push(fromA, toA, text.length)
    inserted += text.toString()
  })
  return { ranges: Uint32Array.from(ranges), inserted }
}

/** What the replica hands over, as the editor dispatches it. */
export function changeSpecOf({ ranges, inserted }: Splices): ChangeSpec[] {
  let specs: ChangeSpec[] = []
  let at = 0
  for (let i = 0; i + 2 < ranges.length; i += 3) {
    let [from = 0, to = 0, length = 0] = ranges.subarray(i, i + 3)
    specs.push({ from, to, insert: textOf(inserted.slice(at, at + length)) })
    at += length
  }
  return specs
}

/**
 * A text whose offsets are exactly the string's. CodeMirror's own reading of strings also takes "\r" for a
 * line break; a foreign client's "\r" must stay one character here or every offset behind it is wrong.
 */
export function textOf(string: string): Text {
  return Text.of(string.split("\n"))
}
