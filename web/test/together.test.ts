import { describe, expect, it } from "vitest"
import { levelsOf, widthOf } from "../src/editor/name-levels"
import { words } from "../src/messages/together"
import { palette } from "../src/palette"
import { Arrivals } from "../src/together/arrivals"
import { Asked } from "../src/together/asking"
import { hasToLetGo, leadsTo } from "../src/together/chains"
import { freeColor } from "../src/together/free-color"
import { NOTHING, noteOf, written } from "../src/together/note"

describe("a note", () => {
  it("is nothing when there is nothing to say", () => {
    expect(written(NOTHING)).toBe("")
    expect(noteOf("")).toEqual(NOTHING)
  })
  it("comes back as it was written", () => {
    let note = {
      typing: true,
      away: true,
      reader: true,
      follows: "someone",
      sees: [3, 900] as const,
      asks: { id: 7, at: 40 },
    }
    expect(noteOf(written(note))).toEqual(note)
    expect(written({ ...note, follows: "x".repeat(40) }).length).toBeLessThan(512)
  })
  it.each([
    "{",
    "7",
    "null",
    "[]",
    '{"t":"1","a":true,"f":7,"v":[1],"b":[1,"2"]}',
    '{"v":[-1,2],"b":[1.5,2]}',
    '{"v":[1e400,2]}',
  ])("of anything else, as %s, says nothing", json => {
    expect(noteOf(json)).toEqual(NOTHING)
  })
  it("believes in no key that is longer than a name", () => {
    expect(noteOf(JSON.stringify({ f: "x".repeat(400) })).follows.length).toBe(60)
  })
})

describe("following", () => {
  let chain = new Map([
    ["a", "b"],
    ["b", "c"],
    ["c", ""],
  ])
  it("leads along the chain and ends", () => {
    expect(leadsTo(chain, "a", "c")).toBe(true)
    expect(leadsTo(chain, "c", "a")).toBe(false)
    expect(leadsTo(new Map([["a", "a"]]), "a", "b")).toBe(false)
  })
  it("makes exactly one in a ring let go", () => {
    let ring = new Map([
      ["b", "c"],
      ["c", "a"],
      ["a", "b"],
      ["d", "a"],
    ])
    expect(["a", "b", "c", "d"].filter(key => hasToLetGo(ring, key))).toEqual(["a"])
    expect(["a", "b", "c"].filter(key => hasToLetGo(chain, key))).toEqual([])
  })
})

describe("a colour", () => {
  let [blue, red] = palette as unknown as [(typeof palette)[0], (typeof palette)[0]]
  let person = { id: "anna", name: "Anna", color: blue, hasChosen: false }

  it("stays where nobody else has it, or where it was chosen", () => {
    expect(freeColor(person, [red])).toBeUndefined()
    expect(freeColor({ ...person, hasChosen: true }, [blue])).toBeUndefined()
  })
  it("that is taken gives way to any that is not", () => {
    for (let id of ["00000000", "9e3779b9c0ffee", "ffffffff", "an app's"]) {
      let free = freeColor({ ...person, id }, [{ color: blue.color.toUpperCase() }, red])
      expect(palette.slice(2)).toContain(free)
    }
  })
  it("is shared where all are taken", () => {
    expect(freeColor(person, palette)).toBeUndefined()
  })
})

describe("comings and goings", () => {
  let people = (...names: string[]) => new Map(names.map(name => [name, name]))
  function begun(...names: string[]) {
    let arrivals = new Arrivals()
    arrivals.look(people(...names), true, 0)
    return arrivals
  }
  it("are not told of those who were here before", () => {
    let arrivals = begun("Ana", "Ben")
    expect([arrivals.take(60_000), arrivals.due]).toEqual([null, null])
  })
  it("are told together, after a moment", () => {
    let arrivals = begun("Ana")
    arrivals.look(people("Ana", "Ben"), true, 1_000)
    arrivals.look(people("Ana", "Ben", "Cem", "Dora"), true, 2_100)
    expect([arrivals.take(2_199), arrivals.due]).toEqual([null, 2_200])
    expect(arrivals.take(2_200)).toEqual({ came: ["Ben", "Cem", "Dora"], went: [] })
    expect(arrivals.due).toBe(null)
  })
  it("are not told more often than one can listen", () => {
    let arrivals = begun()
    arrivals.look(people("Ana"), true, 0)
    expect(arrivals.take(1_200)?.came).toEqual(["Ana"])
    arrivals.look(people("Ana", "Ben"), true, 1_300)
    expect([arrivals.take(2_600), arrivals.due]).toEqual([null, 6_200])
    expect(arrivals.take(6_200)?.came).toEqual(["Ben"])
  })
  it("are not told of a page that is loaded again, nor of who only looks in", () => {
    let arrivals = begun("Ana")
    arrivals.look(people(), true, 1_000)
    arrivals.look(people("Ana"), true, 4_000)
    arrivals.look(people("Ana", "Ben"), true, 5_000)
    arrivals.look(people("Ana"), true, 5_500)
    expect([arrivals.take(60_000), arrivals.due]).toEqual([null, null])
  })
  it("are told of who has gone for good, once", () => {
    let arrivals = begun("Ana", "Ben")
    arrivals.look(people("Ana"), true, 1_000)
    expect(arrivals.take(6_999)).toBe(null)
    expect(arrivals.take(7_000)).toEqual({ came: [], went: ["Ben"] })
    arrivals.look(people("Ana"), true, 20_000)
    expect(arrivals.due).toBe(null)
    arrivals.look(people("Ana", "Ben"), true, 21_000)
    expect(arrivals.take(22_200)?.came).toEqual(["Ben"])
  })
  it("are nobody's while there is no connection", () => {
    let arrivals = begun("Ana")
    arrivals.look(people(), false, 1_000)
    expect(arrivals.due).toBe(null)
  })
  it("are said in as few names as one takes in", () => {
    expect(words.came(["Ana"])).toBe("Ana joined.")
    expect(words.came(["Ana", "Ben"])).toBe("Ana and Ben joined.")
    expect(words.went(["Ana", "Ben", "Cem", "Dora"])).toBe("Ana and 3 others left.")
  })
})

describe("requests to look somewhere", () => {
  it("are each shown once", () => {
    let asked = new Asked()
    expect(asked.isNew("ana", { id: 1, at: 5 }, 0)).toBe(true)
    expect(asked.isNew("ana", { id: 1, at: 5 }, 20_000)).toBe(false)
    expect(asked.isNew("ana", { id: 2, at: 5 }, 20_000)).toBe(true)
  })
  it("cannot fill the page", () => {
    let asked = new Asked()
    let shown = Array.from({ length: 100 }, (_, i) => asked.isNew("eve", { id: i, at: 0 }, i * 100))
    expect(shown.filter(Boolean).length).toBe(2)
    expect(asked.isNew("ana", { id: 1, at: 0 }, 9_900)).toBe(true)
  })
})

describe("names over carets", () => {
  let label = (left: number, top = 0, leftwards = false) => ({ left, top, width: 50, leftwards })
  it("lie on one level while there is room", () => {
    expect(levelsOf([label(0), label(60), label(0, 30)])).toEqual([0, 0, 0])
  })
  it("stand one above the other at one place, however they are ordered", () => {
    expect(levelsOf([label(0), label(0), label(10), label(100)])).toEqual([0, 1, 2, 0])
    expect(levelsOf([label(40), label(0)])).toEqual([1, 0])
  })
  it("know that some lie to the left of their caret", () => {
    expect(levelsOf([label(100, 0, true), label(60)])).toEqual([1, 0])
    expect(levelsOf([label(60, 0, true), label(70)])).toEqual([0, 0])
  })
  it("are about as wide as their letters, and no wider than the style lets them be", () => {
    expect(widthOf("Ana")).toBeLessThan(widthOf("Anastasia"))
    expect(widthOf("日本語")).toBeGreaterThan(widthOf("abc"))
    expect(widthOf("x".repeat(40))).toBe(154)
  })
})
