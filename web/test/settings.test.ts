import { beforeEach, describe, expect, it, vi } from "vitest"
import { DEFAULTS, SettingsStore } from "../src/page/settings"
import { storage } from "./storage"

describe("settings", () => {
  beforeEach(() => vi.stubGlobal("localStorage", storage()))

  it("begin as usual, and come back as they were chosen", () => {
    expect(new SettingsStore().now).toEqual(DEFAULTS)
    new SettingsStore().set({ wrap: false, theme: "dark", fontSize: 125 })
    expect(new SettingsStore().now).toEqual({ ...DEFAULTS, wrap: false, theme: "dark", fontSize: 125 })
  })
  it("keep the theme where the script that runs first reads it", () => {
    new SettingsStore().set({ theme: "light" })
    expect(localStorage.getItem("codraft.theme")).toBe('"light"')
    expect(localStorage.getItem("codraft.settings")).toBe("{}")
  })
  it("keep only what differs, so that a better usual reaches everybody else", () => {
    new SettingsStore().set({ wrap: false, toolbar: true })
    expect(localStorage.getItem("codraft.settings")).toBe('{"wrap":false}')
  })
  it("tell of changes, and of nothing else", () => {
    let store = new SettingsStore()
    let heard: boolean[] = []
    let stop = store.follow(({ wrap }) => heard.push(wrap))
    store.set({ wrap: false })
    store.set({ wrap: false })
    store.set({ wrap: true })
    stop()
    store.set({ wrap: false })
    expect(heard).toEqual([true, false, true])
  })
  it("hear of another tab's", () => {
    let listeners = new Map<string, (event: unknown) => void>()
    vi.stubGlobal("addEventListener", (name: string, listener: (event: unknown) => void) =>
      listeners.set(name, listener),
    )
    let store = new SettingsStore()
    let heard: string[] = []
    store.onChange(({ keymap }) => heard.push(keymap))
    localStorage.setItem("codraft.settings", '{"keymap":"vim"}')
    listeners.get("storage")?.({ key: "codraft.names" })
    expect(heard).toEqual([])
    listeners.get("storage")?.({ key: "codraft.settings" })
    localStorage.setItem("codraft.settings", "{}")
    listeners.get("pageshow")?.({ persisted: true })
    expect(heard).toEqual(["vim", "standard"])
    vi.unstubAllGlobals()
  })
  it("survive a storage with anything else in it", () => {
    for (let junk of [
      "{",
      "[]",
      "null",
      '{"fontSize":17,"wrap":"yes","keymap":"__proto__","constructor":true}',
    ]) {
      localStorage.setItem("codraft.settings", junk)
      localStorage.setItem("codraft.theme", '"mauve"')
      expect(new SettingsStore().now).toEqual(DEFAULTS)
    }
  })
})
