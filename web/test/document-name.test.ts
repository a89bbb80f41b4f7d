import { describe, expect, it } from "vitest"
import { nameInPath, nameProblem, nameTyped, newName, pathOf, socketUrl } from "../src/page/document-name"
import { adjectives, animals } from "../src/page/words"

describe("document names", () => {
  it.each([
    "notes",
    "a/b c",
    "日本語",
    "100%",
    "quiet-otter",
    "a?b#c",
    "x".repeat(1_024),
    "😀",
    ".hidden",
    "a..b",
  ])("%j survives its address", name => {
    expect(nameProblem(name)).toBeNull()
    expect(nameInPath(pathOf(name))).toBe(name)
  })

  it.each([
    ["", "empty"],
    ["é".repeat(513), "long"],
    ["a\0b", "control"],
    ["a\nb", "control"],
    [".", "dots"],
    ["a/../b", "dots"],
  ])("%j is refused as %s", (name, problem) => {
    expect(nameProblem(name)).toBe(problem)
  })

  it.each(["/", "/d/", "/d/a/b", "/d/%zz", "/d/%2e%2e", "/x/a"])("%j is no document's page", path => {
    expect(nameInPath(path)).toBeNull()
  })

  it("are one segment in the socket's address", () => {
    let page = { protocol: "https:", host: "example.org:8080" }
    expect(socketUrl("a/b c", page)).toBe("wss://example.org:8080/ws/a%2Fb%20c")
    expect(socketUrl("a", { ...page, protocol: "http:" })).toBe("ws://example.org:8080/ws/a")
  })

  it("can be typed as a link of this server", () => {
    let origin = "https://example.org"
    expect(nameTyped("  https://example.org/d/a%20b ", origin)).toBe("a b")
    expect(nameTyped("https://elsewhere.org/d/a", origin)).toBe("https://elsewhere.org/d/a")
    expect(nameTyped("plain name", origin)).toBe("plain name")
  })
})

describe("new names", () => {
  it("can be read aloud and used as they are", () => {
    for (let i = 0; i < 200; i++) {
      let name = newName()
      expect(name).toMatch(/^[a-z]+-[a-z]+-[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/)
      expect(pathOf(name)).toBe(`/d/${name}`)
    }
  })

  it("carry at least 60 bits", () => {
    let bits = Math.log2(new Set(adjectives).size) + Math.log2(new Set(animals).size) + 10 * Math.log2(32)
    expect(bits).toBeGreaterThanOrEqual(60)
    // No list's length may divide 256 unevenly, or some words would come more often.
    expect([256 % adjectives.length, 256 % animals.length]).toEqual([0, 0])
  })

  it("use every random byte", () => {
    let base = newName(bytes => bytes.fill(0))
    for (let at = 0; at < 12; at++) expect(newName(bytes => bytes.fill(1, at, at + 1))).not.toBe(base)
  })
})
