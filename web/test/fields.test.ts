import { describe, expect, it } from "vitest"
import { type Field, isDoubtful, planFor } from "../src/page/fields"

const text: Field = { name: "codemirror", kind: "text" }
const xml: Field = { name: "default", kind: "xml" }
const map: Field = { name: "meta", kind: "map" }

describe("planFor", () => {
  it("edits what is asked for, if it is text or nothing yet", () => {
    expect(planFor("content", [])).toEqual({ do: "edit" })
    expect(planFor("content", [map])).toEqual({ do: "edit" })
    expect(planFor("codemirror", [text, xml])).toEqual({ do: "edit" })
    expect(planFor("another", [text, xml])).toEqual({ do: "edit" })
  })

  it("shows what can only be read", () => {
    expect(planFor("default", [text, xml])).toEqual({ do: "read" })
  })

  it("leaves alone what is no text", () => {
    expect(planFor("meta", [map, text])).toEqual({ do: "refuse" })
  })

  it("looks elsewhere only when nobody has asked for a name", () => {
    expect(planFor("content", [map, text])).toEqual({ do: "switch", to: "codemirror" })
    expect(planFor("content", [text, xml])).toEqual({ do: "choose", among: ["codemirror", "default"] })
  })
})

describe("isDoubtful", () => {
  it("doubts a text that is empty or has objects in it", () => {
    expect(isDoubtful([""])).toBe(true)
    expect(isDoubtful(["words", "\ufffc"])).toBe(true)
    expect(isDoubtful(["", "words"])).toBe(false)
  })
})
