import { beforeEach, describe, expect, it, vi } from "vitest"
import { forgetRecent, noteRecent, type Recent, recents, withRecent } from "../src/page/recents"
import { ago, hence } from "../src/page/time"
import { storage } from "./storage"

const recent = (name: string, at = 0): Recent => ({ name, title: name.toUpperCase(), at })

describe("recent documents", () => {
  beforeEach(() => vi.stubGlobal("localStorage", storage()))

  it("come back latest first and each once", () => {
    for (let name of ["a", "b", "a"]) noteRecent(recent(name))
    expect(recents().map(({ name }) => name)).toEqual(["a", "b"])
  })
  it("can be taken off the list", () => {
    for (let name of ["a", "b"]) noteRecent(recent(name))
    forgetRecent("b")
    expect(recents().map(({ name }) => name)).toEqual(["a"])
  })
  it("are bounded", () => {
    let list: readonly Recent[] = []
    for (let i = 0; i < 300; i++) list = withRecent(list, recent(`n${i}`))
    expect(list.length).toBe(200)
    expect(list[0]?.name).toBe("n299")
  })
  it("survive a storage with anything else in it", () => {
    for (let junk of ["{", '"x"', "{}", "null", "[1,null,{}]"]) {
      localStorage.setItem("codraft.recents", junk)
      expect(recents()).toEqual([])
    }
  })
  it("survive a browser that forbids storage, until the page goes", () => {
    vi.stubGlobal("localStorage", undefined)
    noteRecent(recent("a"))
    expect(recents()).toEqual([recent("a")])
    vi.stubGlobal("localStorage", storage())
    noteRecent(recent("b"))
    expect(recents().map(({ name }) => name)).toEqual(["b", "a"])
    localStorage.setItem("codraft.recents", "[]")
    expect(recents()).toEqual([])
  })
  it.each([
    [0, "now"],
    [59, "now"],
    [61, "1 minute ago"],
    [7_300, "2 hours ago"],
    [90_000, "yesterday"],
    [86_400 * 15, "2 weeks ago"],
    [-30, "now"],
  ])("%i seconds later were open %s", (seconds, words) => {
    expect(ago(0, seconds * 1_000, "en")).toBe(words)
  })
  it.each([
    [-5, "now"],
    [90, "in 2 minutes"],
    [86_390, "in 24 hours"],
    [86_400 * 7 - 5, "in 7 days"],
    [86_400 * 30 - 5, "in 4 weeks"],
  ])("%i seconds from now is %s", (seconds, words) => {
    expect(hence(seconds * 1_000, 0, "en")).toBe(words)
  })
})
