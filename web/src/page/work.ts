/**
 * The workplace around the text: the menu, and what can be done on every page of a document whatever is in it.
 * Knows the actions and the settings; what needs more than a line is loaded when it is wanted.
 */
import { actions } from "../actions"
import { redo, undo } from "../editor/collab"
import type { Editor } from "../editor/editor"
import { openSearch } from "../editor/search-keys"
import { messages } from "../messages"
import { sayWith } from "../say"
import { isClosed } from "./closed"
import { bindKeys, isTyping } from "./hotkeys"
import { isMac } from "./key-names"
import { lazily } from "./lazily"
import { followLook } from "./look"
import { menuButton } from "./menu"
import { notice } from "./notice"
import { type Settings, SIZES, settings, THEMES } from "./settings"
import { followTheme, nextTheme } from "./theme"
import { followKeyboard } from "./viewport"

const words = messages.actions

let editor: Editor | null = null

/** Sets up what works without a text. */
export function workplace() {
  sayWith(words => notice(words))
  followTheme()
  followLook()
  followKeyboard()
  menuButton(actions)
  viewActions()
  helpActions()
}

/** Offers what is done in the text of an editor. */
export function textActions(mounted: Editor) {
  editor = mounted
  let { view } = mounted
  let isOpen = () => !isClosed()
  let isOffered = () => isOpen() && !view.state.readOnly
  let find = (isReplacing: boolean) => {
    if (isRead()) actions.run("view.write")
    openSearch(view, isReplacing)
  }
  let restore = (command: typeof undo) => () => {
    view.focus()
    command(view)
  }
  let redoKeys = isMac ? "Mod-Shift-z" : "Mod-y"
  actions.add(
    { id: "edit.undo", title: words.undo, group: "edit", keys: "Mod-z", isOffered, run: restore(undo) },
    { id: "edit.redo", title: words.redo, group: "edit", keys: redoKeys, isOffered, run: restore(redo) },
    {
      id: "edit.find",
      title: words.find,
      group: "edit",
      keys: "Mod-f",
      isOffered: isOpen,
      run: () => find(false),
    },
    {
      id: "edit.replace",
      title: words.replace,
      group: "edit",
      keys: isMac ? "Mod-Alt-f" : "Mod-h",
      isOffered,
      run: () => find(true),
    },
    {
      id: "edit.line",
      title: words.goToLine,
      group: "edit",
      keys: "Mod-Alt-g",
      rare: true,
      run: () => openPalette(":"),
    },
    { id: "edit.heading", title: words.goToHeading, group: "edit", rare: true, run: () => openPalette("@") },
  )
  // In the text and in the panel these keys are the editor's own, and who reads has the browser's own search.
  let findKey = (event: KeyboardEvent) => !isTyping(event) && !isRead() && actions.run("edit.find")
  bindKeys([
    { keys: "Mod-Alt-g", run: () => did(() => openPalette(":")) },
    { keys: "Mod-f", run: findKey },
  ])
}

function viewActions() {
  let show = (changes: Partial<Settings>) => () => settings.set(changes)
  let numbersOn = () => settings.now.lineNumbers === "on"
  actions.add(
    { id: "view.larger", title: words.larger, group: "view", stays: true, run: () => resize(1) },
    { id: "view.smaller", title: words.smaller, group: "view", stays: true, run: () => resize(-1) },
    { id: "view.usualSize", title: words.usualSize, group: "view", rare: true, run: show({ fontSize: 100 }) },
    toggle("view.wrap", words.wrap, "wrap"),
    {
      id: "view.numbers",
      title: words.numbers,
      group: "view",
      rare: true,
      isOn: numbersOn,
      run: () => settings.set({ lineNumbers: numbersOn() ? "auto" : "on" }),
    },
    { ...toggle("view.whitespace", words.whitespace, "whitespace"), rare: true },
    {
      id: "view.theme",
      get title() {
        return messages.theme[settings.now.theme]
      },
      group: "view",
      stays: true,
      menuOnly: true,
      run: nextTheme,
    },
    ...THEMES.map(theme => ({
      id: `view.theme.${theme}`,
      title: words.themes[theme],
      group: "view" as const,
      rare: true,
      isOn: () => settings.now.theme === theme,
      run: show({ theme }),
    })),
  )
}

function helpActions() {
  let open = (what: "openSettings" | "openShortcuts" | "openAbout") => () =>
    withDialogs(part => part[what](actions))
  actions.add(
    { id: "view.settings", title: words.settings, group: "view", keys: "Mod-,", run: open("openSettings") },
    // Firefox keeps the longer one for itself.
    { id: "help.palette", title: words.palette, group: "help", keys: "F1", run: () => openPalette() },
    { id: "help.keys", title: words.keys, group: "help", keys: "Mod-?", run: open("openShortcuts") },
    { id: "help.about", title: words.about, group: "help", run: open("openAbout") },
  )
  bindKeys([
    ...["Mod-Shift-p", "F1"].map(keys => ({ keys, run: () => did(() => openPalette()) })),
    { keys: "Mod-,", run: () => actions.run("view.settings") },
    { keys: "Mod-?", run: () => actions.run("help.keys") },
    { keys: "?", run: event => !isTyping(event) && actions.run("help.keys") },
  ])
}

const withDialogs = lazily(() => import("./dialogs"))
const withPalette = lazily(() => import("./palette"))

function openPalette(start = "") {
  withPalette((part, typed) => part.openPalette(actions, editor?.view ?? null, start + typed))
}

/** Whether the text is shown only as it reads. */
function isRead(): boolean {
  return document.body.dataset.view === "read"
}

type Switch = { [key in keyof Settings]: Settings[key] extends boolean ? key : never }[keyof Settings]

function toggle(id: string, title: string, key: Switch) {
  let isOn = () => settings.now[key]
  return { id, title, group: "view", isOn, run: () => settings.set({ [key]: !isOn() }) } as const
}

/** Takes the next size up or down. */
function resize(by: 1 | -1) {
  let at = SIZES.indexOf(settings.now.fontSize as (typeof SIZES)[number])
  settings.set({ fontSize: SIZES[at + by] ?? settings.now.fontSize })
}

function did(act: () => void): true {
  act()
  return true
}
