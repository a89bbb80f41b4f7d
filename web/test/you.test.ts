import { describe, expect, it } from "vitest"
import { aliasOf, ownAs } from "../src/page/own"
import { palette } from "../src/palette"
import { youIn } from "../src/you"

const ada = {
  access: "links",
  role: "editor",
  id: "p1",
  name: "Ada",
  color: "#287f3d",
  named: false,
} as const

/** Bytes as lib0 writes them: their number, then they. */
function counted(bytes: Uint8Array | number[]): number[] {
  let length: number[] = []
  let rest = bytes.length
  for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128)
  return [...length, rest, ...bytes]
}

function frame(kind: number, said: unknown): Uint8Array {
  let json = new TextEncoder().encode(JSON.stringify(said))
  return Uint8Array.from([103, ...counted([kind, ...counted(json)])])
}

describe("what the server says of oneself", () => {
  it("is read from its frame, however long", () => {
    expect(youIn(frame(5, ada))).toEqual(ada)
    let long = { ...ada, name: "李".repeat(200) }
    expect(youIn(frame(5, long))).toEqual(long)
  })

  it("may leave out who one is where everybody says so themselves", () => {
    let open = { access: "open", role: "owner", id: "", name: "", color: "", named: false }
    expect(youIn(frame(5, { access: "open", role: "owner" }))).toEqual(open)
  })

  it("brings no colour that is none", () => {
    expect(youIn(frame(5, { ...ada, color: "red; background: url(x)" }))?.color).toBe("")
  })

  it("is not taken from any other frame", () => {
    let cut = frame(5, ada).subarray(0, 40)
    let others = [
      Uint8Array.of(),
      Uint8Array.of(0, 2, 1, 0),
      frame(1, ada),
      frame(5, null),
      frame(5, { ...ada, role: "king" }),
    ]
    for (let other of [
      ...others,
      cut,
      Uint8Array.of(103),
      Uint8Array.of(103, 255, 255, 255, 255, 255, 255, 255, 255),
    ])
      expect(youIn(other)).toBeUndefined()
  })
})

describe("one's own face", () => {
  let [color] = palette
  let person = { id: "public", name: "Ada", color, hasChosen: false }

  it("is what this browser says where the server says nothing", () => {
    expect(ownAs(person, null)).toEqual({ id: "public", name: "Ada", color: color.color })
    let open = { ...ada, access: "open", id: "", name: "", color: "" } as const
    expect(ownAs(person, open)).toEqual({ id: "public", name: "Ada", color: color.color })
  })

  it("is what the server shows of it otherwise", () => {
    let shown = { id: "p1", name: "Ada (2)", color: "#287f3d" }
    expect(ownAs(person, { ...ada, name: "Ada (2)" })).toEqual(shown)
    expect(ownAs(person, { ...ada, name: "Countess", named: true }).name).toBe("Countess")
  })

  it("has another name only where the server has put a number behind one's own", () => {
    expect(aliasOf("Ada", { ...ada, name: "Ada (2)" })).toBe("Ada (2)")
    expect(aliasOf("Ada", ada)).toBeNull()
    expect(aliasOf("Ada", { ...ada, name: "Guest Otter" })).toBeNull()
    expect(aliasOf("Ada", { ...ada, name: "Ben (2)" })).toBeNull()
    expect(aliasOf("Ada (2)", { ...ada, name: "Ada (2)" })).toBeNull()
    expect(aliasOf("Ada", { ...ada, name: "Ada (2)", named: true })).toBeNull()
  })
})
