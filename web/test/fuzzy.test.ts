import { describe, expect, it } from "vitest"
import { fitting, fuzzy } from "../src/page/fuzzy"

const best = (query: string, ...names: string[]) => fitting(query, names, name => name).map(([name]) => name)

describe("finding by a few letters", () => {
  it("needs every letter, in order, whatever its case", () => {
    expect(fuzzy("frp", "Find and Replace")).not.toBeNull()
    expect(fuzzy("FAR", "find and replace")).not.toBeNull()
    expect(fuzzy("xyz", "find")).toBeNull()
    expect(fuzzy("dnif", "find")).toBeNull()
  })
  it("says which letters were meant", () => {
    expect(fuzzy("far", "Find and replace")?.at).toEqual([0, 5, 9])
    expect(fuzzy("place", "Find and replace")?.at).toEqual([11, 12, 13, 14, 15])
    expect(fuzzy("dt", "Dark theme")?.at).toEqual([0, 5])
  })
  it("takes starts of words and letters in a row for what is meant", () => {
    expect(best("th", "Fathom", "Light theme", "Theme")).toEqual(["Theme", "Light theme", "Fathom"])
    expect(best("gl", "Highlight", "Go to line")).toEqual(["Go to line", "Highlight"])
  })
  it("keeps equals in their order, and everything when nothing is asked", () => {
    expect(best("", "b", "a")).toEqual(["b", "a"])
    expect(best("a", "a1", "a2", "a3")).toEqual(["a1", "a2", "a3"])
  })
  it("passes over spaces", () => {
    expect(best("dark th", "Dark theme")).toEqual(["Dark theme"])
  })
  it("is quick with names and queries that repeat themselves", () => {
    let began = performance.now()
    fuzzy("a".repeat(150), "a".repeat(10_000))
    expect(performance.now() - began).toBeLessThan(500)
  })
})
