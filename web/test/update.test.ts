import { describe, expect, it } from "vitest"
import { isTyped, joined, updateIn } from "../src/store/update"

/** A message with so many bytes, as lib0 writes it. */
function message(kind: number, length: number): Uint8Array {
  let lengths = length < 128 ? [length] : [(length & 127) | 128, length >> 7]
  return Uint8Array.of(0, kind, ...lengths, ...Array(length).fill(7))
}

describe("the update in a frame", () => {
  it("is a message of its own, whatever stands behind it", () => {
    let asked = Uint8Array.of(102, 1, 5)
    for (let length of [3, 127, 128, 5_000]) {
      let update = message(2, length)
      expect(updateIn(joined([update, asked]))).toEqual(update)
    }
  })

  it("claims no longer that it is all a server has", () => {
    expect(updateIn(message(1, 9))).toEqual(message(2, 9))
    expect(isTyped(message(1, 9))).toBe(false)
    expect(isTyped(message(2, 9))).toBe(true)
  })

  it("is none where nothing is said, or something else, or not all of it is there", () => {
    let nothing = Uint8Array.of(0, 2, 2, 0, 0)
    let others = [nothing, message(0, 9), Uint8Array.of(1, 1, 0), new Uint8Array(), Uint8Array.of(0, 2, 255)]
    for (let frame of [...others, message(2, 9).subarray(0, 8)]) expect(updateIn(frame)).toBeUndefined()
  })

  it("is not changed with the frame", () => {
    let frame = message(2, 9)
    let update = updateIn(frame)
    frame.fill(0)
    expect(update).toEqual(message(2, 9))
  })

  it("comes one behind the other when several are joined", () => {
    expect(joined([message(2, 3), message(2, 4)])).toEqual(Uint8Array.of(...message(2, 3), ...message(2, 4)))
  })
})
