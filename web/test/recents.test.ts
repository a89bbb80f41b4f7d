import { beforeEach, describe, expect, it, vi } from "vitest"
import { ago, forgetRecent, noteRecent, type Recent, recents, withRecent } from "../src/page/recents"

function storage(): Storage {
  let kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  } as unknown as Storage
}

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
    for (let i = 0; i < 100; i++) list = withRecent(list, recent(`n${i}`))
    expect(list.length).toBe(40)
    expect(list[0]?.name).toBe("n99")
  })
  it("survive a storage with anything else in it", () => {
    for (let junk of ["{", '"x"', "{}", "null", "[1,null,{}]"]) {
      localStorage.setItem("codraft.recents", junk)
      expect(recents()).toEqual([])
    }
  })
  it("survive a browser that forbids storage", () => {
    vi.stubGlobal("localStorage", undefined)
    noteRecent(recent("a"))
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
})
