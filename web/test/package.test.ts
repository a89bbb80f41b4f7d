import { readFileSync } from "node:fs"
import { afterEach, describe, expect, it, vi } from "vitest"
import { messages } from "../src/messages"
import { serverAddress, socketAddress } from "../src/package/address"
import { Attributes } from "../src/package/attributes"
import { CodraftError } from "../src/package/errors"
import { Events } from "../src/package/events"
import { checkPlace } from "../src/package/place"
import { TOKENS } from "../src/package/tokens"
import { ownUser } from "../src/package/user"
import { withWords } from "../src/package/words"

afterEach(() => vi.unstubAllGlobals())

describe("an address of a server", () => {
  it.each([
    ["wss://docs.example.org", "wss://docs.example.org", "https://docs.example.org"],
    ["https://docs.example.org/", "wss://docs.example.org", "https://docs.example.org"],
    ["http://127.0.0.1:8080", "ws://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["ws://example.org/codraft/", "ws://example.org/codraft", "http://example.org/codraft"],
  ])("%s is where its sockets and its HTTP are", (written, socket, http) => {
    expect(serverAddress(written)).toEqual({ socket, http })
  })

  it("is that of the page where nothing is said", () => {
    vi.stubGlobal("location", { origin: "https://app.example.org" })
    expect(serverAddress(undefined).socket).toBe("wss://app.example.org")
  })

  it.each(["docs.example.org", "ftp://docs.example.org", "://"])(
    "is refused when it is none: %s",
    written => {
      expect(() => serverAddress(written)).toThrow(CodraftError)
    },
  )

  it("has a socket for each document, whose name is one segment", () => {
    let address = serverAddress("ws://x")
    expect(socketAddress(address, "a/b c")).toBe("ws://x/ws/a%2Fb%20c")
    for (let name of [undefined, "", "a/../b", "\u0000"])
      expect(() => socketAddress(address, name)).toThrow(CodraftError)
  })
})

describe("attributes", () => {
  let attributes = (values: Record<string, string>) =>
    new Attributes({
      getAttribute: (name: string) => values[name] ?? null,
      hasAttribute: (name: string) => name in values,
    } as unknown as Element)

  it("are on when they are there, and off when they say so", () => {
    expect(attributes({ toolbar: "" }).isOn("toolbar")).toBe(true)
    for (let off of ["off", "false"]) expect(attributes({ toolbar: off }).isOn("toolbar")).toBe(false)
    expect(attributes({}).isOn("toolbar")).toBe(false)
    expect(attributes({}).isNotOff("wrap")).toBe(true)
    expect(attributes({ wrap: "off" }).isNotOff("wrap")).toBe(false)
  })

  it("are the first of a few words when they say something else", () => {
    expect(attributes({ mode: "read" }).mode).toBe("read")
    expect(attributes({ mode: "sideways" }).mode).toBe("write")
    expect(attributes({ keymap: "vim", "line-numbers": "" }).choice).toMatchObject({
      keymap: "vim",
      lineNumbers: "on",
    })
  })
})

describe("the colours of an embedded editor", () => {
  it("are those of the page", () => {
    let css = readFileSync("src/styles/base.css", "utf8").replace(/\s+/g, " ")
    let own = ["text-size", "text-width"]
    for (let [name, value] of Object.entries(TOKENS).filter(([name]) => !own.includes(name)))
      expect(css, name).toContain(`--${name}: ${value};`)
  })
})

describe("a user", () => {
  it("is a guest where nothing is said, with what is said before it", () => {
    expect(ownUser(undefined).name).toMatch(/^Guest /)
    expect(ownUser({ name: " Ann ", color: "teal", id: "7" })).toEqual({
      name: "Ann",
      color: "#068f99",
      light: "#c6f2f1",
      id: "7",
    })
    expect(ownUser({ color: "#ABCDEF" }).color).toBe("#abcdef")
    expect(ownUser({ color: "url(x)" }).color).toMatch(/^#[0-9a-f]{6}$/)
  })
})

describe("a place in a text", () => {
  it("is inside, and between characters", () => {
    let text = "a🙂b"
    for (let [from, to] of [
      [0, 0],
      [1, 3],
      [4, 4],
    ] as const)
      checkPlace(text, from, to)
    for (let [from, to] of [
      [-1, 0],
      [2, 2],
      [1, 2],
      [0, 5],
      [3, 1],
      [Number.NaN, 1],
    ] as const)
      expect(() => checkPlace(text, from, to), `${from} ${to}`).toThrow(RangeError)
  })
})

describe("events", () => {
  it("reach everybody who listens, also behind one who fails, and nobody who has stopped", () => {
    let failed = vi.fn()
    vi.stubGlobal("reportError", failed)
    let events = new Events<{ change: number }>()
    let heard: number[] = []
    events.on("change", () => {
      throw new Error("an app's own")
    })
    let stop = events.on("change", number => heard.push(number))
    events.tell("change", 1)
    stop()
    events.tell("change", 2)
    expect(heard).toEqual([1])
    expect(failed).toHaveBeenCalledTimes(2)
  })
})

describe("other words", () => {
  it("take the place of those of the same name and kind, and of no others", () => {
    let before = messages.status.saved
    withWords({ status: { saved: "Gesichert", saving: 7, none: "x" } } as never)
    expect([messages.status.saved, messages.status.saving]).toEqual(["Gesichert", "Saving…"])
    expect("none" in messages.status).toBe(false)
    withWords({ status: { saved: before } })
  })
})
