import { beforeEach, describe, expect, it, vi } from "vitest"
import { type Action, Actions } from "../src/actions"
import { choicesFor, type Places } from "../src/page/choices"
import { isPressed } from "../src/page/hotkeys"
import { ariaKeys, keysShown } from "../src/page/key-names"
import { noteRecentAction, recentActions } from "../src/page/recent-actions"
import { storage } from "./storage"

const action = (id: string, title: string, more: Partial<Action> = {}): Action => ({
  id,
  title,
  group: "edit",
  run() {},
  ...more,
})

const places: Places = {
  lines: 300,
  headings: () => [
    { text: "Plan", level: 1, line: 1 },
    { text: "What grows where", level: 2, line: 5 },
  ],
  go() {},
}

const choices = (query: string, actions: Actions, recent: readonly string[] = []) =>
  choicesFor(query, actions, places, recent).map(({ name }) => name)

describe("actions", () => {
  it("are offered by group, while they can be done", () => {
    let actions = new Actions()
    let can = true
    actions.add(action("help", "Help", { group: "help" }), action("cut", "Cut", { isOffered: () => can }))
    expect(actions.offered().map(({ id }) => id)).toEqual(["cut", "help"])
    can = false
    expect(actions.offered().map(({ id }) => id)).toEqual(["help"])
    expect(actions.run("cut")).toBe(false)
  })
  it("end with what is seldom wanted", () => {
    let actions = new Actions()
    actions.add(action("forget", "Forget", { last: true }), action("print", "Print"), action("save", "Save"))
    expect(actions.offered().map(({ id }) => id)).toEqual(["print", "save", "forget"])
  })
  it("can be taken away again, unless another has taken their place", () => {
    let actions = new Actions()
    let takeFirst = actions.add(action("a", "First"))
    let takeSecond = actions.add(action("a", "Second"))
    takeFirst()
    expect(actions.offered().map(({ title }) => title)).toEqual(["Second"])
    takeSecond()
    expect(actions.offered()).toEqual([])
  })
})

describe("the palette's choices", () => {
  beforeEach(() => vi.stubGlobal("localStorage", storage()))
  let actions = new Actions()
  actions.add(
    action("find", "Find…"),
    action("bold", "Bold", { group: "format" }),
    action("next", "Theme: light", { menuOnly: true }),
    action("forget", "Forget", { group: "document" }),
  )

  it("begin with what was used last, and leave out what only the menu has", () => {
    expect(choices("", actions)).toEqual(["Find…", "Bold", "Forget"])
    expect(choices("", actions, ["forget", "bold"])).toEqual(["Forget", "Bold", "Find…"])
    expect(choices("f", actions, ["forget"])).toEqual(["Forget", "Find…"])
  })
  it("are found by other words for them, behind what is called that", () => {
    let actions = new Actions()
    actions.add(
      action("document.print", "Print…"),
      action("view.outline", "Outline"),
      action("view.theme.dark", "Dark theme"),
      action("document.forget", "Forget on this device…"),
      action("format.table", "Insert table"),
      action("view.larger", "Larger text"),
    )
    expect(choices("pdf", actions)).toEqual(["Print…"])
    expect(choices("dark mode", actions)).toEqual(["Dark theme"])
    expect(choices("table", actions)).toEqual(["Insert table", "Outline"])
    // Its letters are in the other one's name, too, far apart.
    expect(choices("toc", actions)).toEqual(["Outline", "Forget on this device…"])
    expect(choices("font", actions)).toEqual(["Larger text", "Forget on this device…"])
    expect(choices("?", actions)).toEqual([])
    expect(choices("dark outline", actions)).toEqual([])
    expect(choices("", actions)[0]).toBe("Print…")
  })
  it("are lines after a colon, within the text", () => {
    expect(choices(":120", actions)).toEqual(["Go to line 120"])
    expect(choices(": 9999", actions)).toEqual(["Go to line 300"])
    expect(choices(":0", actions)).toEqual(["Go to line 1"])
    expect(choices(":", actions)).toEqual([])
    expect(choices(":1x", actions)).toEqual([])
  })
  it("go to a line and a column", () => {
    let went: number[] = []
    let [choice] = choicesFor(
      ":12:7",
      actions,
      { ...places, go: (line, column) => void went.push(line, column ?? 0) },
      [],
    )
    choice?.take()
    expect(went).toEqual([12, 7])
  })
  it("are headings after an at sign", () => {
    expect(choices("@", actions)).toEqual(["Plan", "What grows where"])
    expect(choices("@where", actions)).toEqual(["What grows where"])
  })
  it("remember what was used, once each", () => {
    for (let id of ["a", "b", "a"]) noteRecentAction(id)
    expect(recentActions()).toEqual(["a", "b"])
    for (let i = 0; i < 50; i++) noteRecentAction(`n${i}`)
    expect(recentActions().length).toBe(12)
  })
})

describe("names of keys", () => {
  it("are those of the machine", () => {
    expect(keysShown("Mod-Shift-p", true)).toBe("⇧⌘P")
    expect(keysShown("Mod-Shift-p", false)).toBe("Ctrl+Shift+P")
    expect(keysShown("Mod-Alt-ArrowUp", true)).toBe("⌥⌘↑")
    expect(keysShown("Mod--", false)).toBe("Ctrl+-")
    expect(keysShown("Escape Tab", false)).toBe("Esc Tab")
    expect(ariaKeys("Mod-Shift-p", false)).toBe("Control+Shift+p")
    expect(ariaKeys("Mod-Shift-p", true)).toBe("Meta+Shift+p")
  })
  it("are pressed when they and no others are", () => {
    let event = (key: string, held: Partial<KeyboardEvent> = {}) =>
      ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held }) as KeyboardEvent
    expect(isPressed("Mod-f", event("f", { ctrlKey: true }), false)).toBe(true)
    expect(isPressed("Mod-f", event("f", { metaKey: true }), true)).toBe(true)
    expect(isPressed("Mod-f", event("f", { ctrlKey: true }), true)).toBe(false)
    expect(isPressed("Mod-f", event("F", { ctrlKey: true, shiftKey: true }), false)).toBe(false)
    expect(isPressed("Mod-Shift-p", event("P", { ctrlKey: true, shiftKey: true }), false)).toBe(true)
    // Where a sign stands on the keyboard, and what it takes to type it, is different everywhere.
    expect(isPressed("?", event("?", { shiftKey: true }), false)).toBe(true)
    expect(isPressed("?", event("?"), false)).toBe(true)
    expect(isPressed("?", event("?", { ctrlKey: true }), false)).toBe(false)
  })
})
