import { describe, expect, it } from "vitest"
import type { Peer } from "../src/editor/peers"
import { initials, participants } from "../src/page/people"

function peer(client: number, id: string, name: string, head = -1): Peer {
  return { client, id, name, color: "#146fd1", anchor: head, head, moves: 0 }
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
