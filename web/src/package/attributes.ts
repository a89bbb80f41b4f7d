/**
 * What the attributes of an editor say, read when it is needed.
 * Knows their spelling, and nothing of what is made of them.
 */
import type { Settings } from "../page/settings"
import { KEYMAPS, THEMES } from "../page/settings"

/** How a text is shown: as it is written, as it reads, or both. */
export const MODES = ["write", "split", "read"] as const
export type Mode = (typeof MODES)[number]

/** Those that say which document is shown, and to whom: another one is another session. */
export const SESSION_ATTRIBUTES = [
  "server",
  "doc",
  "token",
  "user-name",
  "user-color",
  "offline",
  "wasm-url",
] as const

/** Those that say how it is shown. */
export const VIEW_ATTRIBUTES = [
  "language",
  "theme",
  "mode",
  "readonly",
  "disabled",
  "placeholder",
  "keymap",
  "line-numbers",
  "wrap",
  "spellcheck",
  "toolbar",
  "presence",
  "aria-label",
] as const

/** What is chosen for the text, as the editor takes it. */
export type TextChoice = Pick<Settings, "wrap" | "lineNumbers" | "whitespace" | "spellcheck" | "keymap">

/** Reads the attributes of one editor. */
export class Attributes {
  constructor(private readonly host: Element) {}

  /** A text; nothing where the attribute is missing or empty. */
  text(name: string): string | undefined {
    return this.host.getAttribute(name) || undefined
  }

  /** Whether something is on: there, and not `off` or `false`. */
  isOn(name: string): boolean {
    let value = this.host.getAttribute(name)
    return value !== null && value !== "off" && value !== "false"
  }

  /** The same for what is on until somebody says otherwise. */
  isNotOff(name: string): boolean {
    return !this.host.hasAttribute(name) || this.isOn(name)
  }

  /** One of a few words; the first where something else is written. */
  oneOf<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    let value = this.host.getAttribute(name)
    return words.find(word => word === value) ?? words[0]
  }

  get mode(): Mode {
    return this.oneOf("mode", MODES)
  }

  get theme(): (typeof THEMES)[number] {
    return this.oneOf("theme", THEMES)
  }

  get choice(): TextChoice {
    let numbers = this.host.getAttribute("line-numbers")
    return {
      wrap: this.isNotOff("wrap"),
      lineNumbers: numbers === null || numbers === "auto" ? "auto" : this.isOn("line-numbers") ? "on" : "off",
      whitespace: false,
      spellcheck: this.isNotOff("spellcheck"),
      keymap: this.oneOf("keymap", KEYMAPS),
    }
  }
}

/** What is chosen for the text of one editor, for as long as that lives. */
export class Choice {
  private readonly listeners = new Set<(now: TextChoice, before: TextChoice) => void>()

  constructor(public now: TextChoice) {}

  onChange(listener: (now: TextChoice, before: TextChoice) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Takes another choice, if it is one. */
  take(now: TextChoice) {
    let before = this.now
    if ((Object.keys(now) as (keyof TextChoice)[]).every(key => now[key] === before[key])) return
    this.now = now
    for (let listener of [...this.listeners]) listener(now, before)
  }
}
