import { beforeEach, describe, expect, it, vi } from "vitest"
import { guestId } from "../src/page/guest"
import { addKey, carryKey, keepKeys, keyIn, keysOf, keyTyped, takeKey, withKey } from "../src/page/keys"
import { forgetSecret, keepSecret, secretOf } from "../src/page/secrets"
import { storage } from "./storage"

const SECRET = "cl_AAAAbbbbCCCC-dddd_EEEEff"

/** A page at this address, which remembers where it was sent. */
function pageAt(address: string): { shown(): string } {
  let at = new URL(address)
  vi.stubGlobal("location", at)
  vi.stubGlobal("history", {
    state: null,
    replaceState: (_: unknown, __: string, to: string) => (at.href = new URL(to, at).href),
  })
  return { shown: () => at.href }
}

describe("keys", () => {
  beforeEach(() => vi.stubGlobal("localStorage", storage()))

  it.each([
    [`#key=${SECRET}`, SECRET],
    ["#key=eyJh.eyJz.c2ln-_", "eyJh.eyJz.c2ln-_"],
    [`#a=1&key=${SECRET}`, SECRET],
    ["#key=", null],
    ["#key=<img>", null],
    ["#monkey=x", null],
    ["", null],
  ])("in %j are %j", (fragment, key) => {
    expect(keyIn(fragment)).toBe(key)
  })

  it("leave the address at once and are there at the next visit", () => {
    let page = pageAt(`https://example.org/d/a%20b?field=x#key=${SECRET}`)
    expect(takeKey("a b")).toBe(true)
    expect(page.shown()).toBe("https://example.org/d/a%20b?field=x")
    expect(keysOf("a b")).toEqual([{ key: SECRET }])
    expect(keysOf("other")).toEqual([])
    expect(carryKey("a b", "/d/a%20b")).toBe("/d/a%20b")
    expect(takeKey("a b")).toBe(false)
  })

  it("leave the address also when they can be none, and the rest of a fragment alone", () => {
    let page = pageAt("https://example.org/d/a#key=<script>")
    expect(takeKey("x")).toBe(false)
    expect(page.shown()).toBe("https://example.org/d/a")
    expect(keysOf("x")).toEqual([])
    page = pageAt("https://example.org/d/a#heading")
    expect(takeKey("x")).toBe(false)
    expect(page.shown()).toBe("https://example.org/d/a#heading")
  })

  it("of one document stand with the newest first, each once and not too many", () => {
    for (let key of ["a", "b", "c", "a", "d"]) addKey("doc", { key })
    expect(keysOf("doc").map(({ key }) => key)).toEqual(["d", "a", "c"])
    keepKeys("doc", [{ key: "a", role: "editor" }])
    expect(keysOf("doc")).toEqual([{ key: "a", role: "editor" }])
  })

  it.each(["constructor", "__proto__", "toString"])("can be those of a document called %s", document => {
    expect(keysOf(document)).toEqual([])
    addKey(document, { key: SECRET })
    addKey("another", { key: "a" })
    expect(keysOf(document)).toEqual([{ key: SECRET }])
  })

  it("work for this visit where nothing may be kept", () => {
    vi.stubGlobal("localStorage", undefined)
    addKey("kept nowhere", { key: SECRET })
    expect(keysOf("kept nowhere")).toEqual([{ key: SECRET }])
    expect(carryKey("kept nowhere", "/d/kept")).toBe(`/d/kept#key=${SECRET}`)
    expect(carryKey("unknown", "/d/unknown")).toBe("/d/unknown")
  })

  it("survive a storage with anything else in it", () => {
    for (let junk of ["{", "[]", '{"junk":7}', '{"junk":[null,{"key":1}]}']) {
      localStorage.setItem("codraft.keys", junk)
      expect(keysOf("junk")).toEqual([])
    }
  })

  it("are carried along from a link that is typed, if it is one of this server", () => {
    let origin = "https://example.org"
    expect(keyTyped(` ${withKey("https://example.org/d/a", SECRET)} `, origin)).toBe(SECRET)
    expect(keyTyped(withKey("https://elsewhere.org/d/a", SECRET), origin)).toBeNull()
    expect(keyTyped("a name", origin)).toBeNull()
  })
})

describe("the secrets of links", () => {
  beforeEach(() => vi.stubGlobal("localStorage", storage()))

  it("are known where the links were made, until those are revoked", () => {
    keepSecret("l1", SECRET)
    keepSecret("l2", "other")
    expect([secretOf("l1"), secretOf("l2"), secretOf("l3")]).toEqual([SECRET, "other", undefined])
    forgetSecret("l1")
    expect([secretOf("l1"), secretOf("l2")]).toEqual([undefined, "other"])
  })
})

describe("the guest", () => {
  it("is the same for the whole visit, and hard to guess", () => {
    vi.stubGlobal("localStorage", storage())
    expect(guestId()).toMatch(/^[0-9a-f]{32}$/)
    expect(guestId()).toBe(guestId())
  })
})
