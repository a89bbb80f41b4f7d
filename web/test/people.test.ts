import { describe, expect, it } from "vitest"
import type { Peer } from "../src/peer"
import { initials, participants } from "../src/together/company"
import { NOTHING, type Note, written } from "../src/together/note"

function peer(client: number, id: string, name: string, head = -1, note: Partial<Note> = {}): Peer {
  return {
    client,
    id,
    name,
    color: "#146fd1",
    anchor: head,
    head,
    moves: 0,
    note: written({ ...NOTHING, ...note }),
  }
}

describe("people", () => {
  it("are one entry however many tabs they have open", () => {
    let list = participants([peer(1, "a", "Ana"), peer(2, "a", "Ana", 5), peer(3, "b", "Ben")], "me")
    expect(list.map(who => [who.name, who.peer.client])).toEqual([
      ["Ana", 2],
      ["Ben", 3],
    ])
  })
  it("do not include oneself in another tab", () => {
    expect(participants([peer(1, "me", "I")], "me")).toEqual([])
  })
  it("are told apart by connection where a program gives no id", () => {
    expect(participants([peer(1, "", ""), peer(2, "", "")], "me").map(who => who.key)).toEqual([
      "connection-1",
      "connection-2",
    ])
  })
  it("do what any of their tabs does", () => {
    let ana = [peer(1, "a", "Ana", 5, { away: true }), peer(2, "a", "Ana", 9, { typing: true })]
    let bob = [peer(3, "b", "Bob", 1, { away: true }), peer(4, "b", "Bob", -1, { away: true, reader: true })]
    let cat = [peer(5, "c", "Cat", -1, { reader: true, follows: "a" })]
    let list = participants([...ana, ...bob, ...cat], "me")
    expect(list.map(({ doing, reader, follows, peer }) => [doing, reader, follows, peer.client])).toEqual([
      ["typing", false, "", 2],
      ["away", false, "", 3],
      ["reading", true, "a", 5],
    ])
  })
  it("keep their places while carets move", () => {
    let names = (heads: number[]) =>
      participants(
        heads.map((head, i) => peer(i, `id${i}`, "Same", head)),
        "me",
      ).map(who => who.key)
    expect(names([1, 2, 3])).toEqual(names([3, -1, 2]))
  })
  it.each([
    ["Ana Ruiz", "AR"],
    ["ana", "A"],
    ["Jean-Luc de la Tour", "JT"],
    ["  Guest   Otter ", "GO"],
    ["👩‍👩‍👧 family", "👩‍👩‍👧F"],
    ["Ana (2)", "A2"],
    ["李 小龍", "李小"],
    ["", ""],
  ])("%j have the initials %j", (name, letters) => {
    expect(initials(name)).toBe(letters)
  })
})
