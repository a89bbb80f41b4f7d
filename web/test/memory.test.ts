import { describe, expect, it } from "vitest"
import { Memory } from "../src/memory"

const STEP1 = Uint8Array.of(0, 0, 1, 0)
const PRESENCE = Uint8Array.of(1, 1, 0)

function update(...body: number[]): Uint8Array {
  return Uint8Array.of(0, 2, ...body)
}

describe("what a replica was made from", () => {
  it("is every frame with an update, in the order in which the replica took them in", () => {
    let memory = new Memory()
    memory.received(update(1))
    memory.said(update(2))
    for (let frame of [STEP1, PRESENCE, new Uint8Array()]) {
      memory.received(frame)
      memory.said(frame)
    }
    memory.pulled()
    expect(memory.recall()).toEqual([update(2), update(1)])
  })

  it("is not what has arrived but not been shown: that comes again", () => {
    let memory = new Memory()
    memory.received(update(1))
    expect(memory.recall()).toEqual([])
    memory.pulled()
    expect(memory.recall()).toEqual([])
  })

  it("does not change with bytes that were only lent", () => {
    let memory = new Memory()
    let lent = update(1)
    memory.said(lent)
    lent.fill(9)
    expect(memory.recall()).toEqual([update(1)])
  })

  it("is told to who keeps it, when the editor has it, but for what is kept already", () => {
    let kept: [Uint8Array, boolean][] = []
    let memory = new Memory({ keep: (frame, isOwn) => kept.push([frame, isOwn]), replace: () => {} })
    memory.reminded(update(1))
    memory.received(update(2))
    memory.said(update(3))
    expect(kept).toEqual([[update(3), true]])
    memory.pulled()
    expect(kept).toEqual([
      [update(3), true],
      [update(2), false],
    ])
    expect(memory.recall()).toEqual([update(3), update(1), update(2)])
  })

  it("is not written anew for having begun with a large document, nor soon in one", () => {
    let memory = new Memory()
    let whole = new Uint8Array(1_000_000)
    whole[1] = 1
    // A page that has nothing says so when it is asked.
    memory.said(Uint8Array.of(0, 1, 2, 0, 0))
    memory.received(whole)
    memory.pulled()
    expect(memory.isLong()).toBe(false)
    let said = 0
    while (!memory.isLong()) {
      memory.said(update(1))
      said++
    }
    expect(said).toBeGreaterThan(10_000)
    expect(said).toBeLessThan(20_000)
  })

  it("stays about as long as the document", () => {
    let memory = new Memory()
    let whole = update(...Array(1_000).fill(7))
    for (let said = 0; said < 100_000; said++) {
      memory.said(update(1))
      if (memory.isLong()) memory.replace(whole)
    }
    expect(memory.recall().length).toBeLessThan(2_100)
    memory.replace(new Uint8Array(1_000_000))
    memory.said(new Uint8Array(1_000_000))
    expect(memory.isLong()).toBe(false)
  })
})
