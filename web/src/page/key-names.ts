/**
 * What keys are called: as CodeMirror writes them in, as this machine's keyboard shows them out.
 * Binds nothing.
 */

/** Whether this machine has a Mac's keys. */
export const isMac = /Mac|iP(?:hone|ad|od)/.test(globalThis.navigator?.platform ?? "")

const MAC: Record<string, string> = { Ctrl: "⌃", Alt: "⌥", Shift: "⇧", Mod: "⌘", Meta: "⌘" }
const OTHER: Record<string, string> = { Mod: "Ctrl" }
const MODIFIERS = ["Ctrl", "Alt", "Shift", "Mod", "Meta"]
const NAMES: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Space: "Space",
}
const MAC_NAMES: Record<string, string> = { Enter: "↩", Backspace: "⌫", Delete: "⌦", Tab: "⇥", Escape: "esc" }

/** The caps of keys such as `Mod-Shift-p`, in the order in which this machine's menus write them. */
export function keyCaps(keys: string, mac: boolean = isMac): readonly string[] {
  let { modifiers, key } = parsed(keys)
  // A Mac writes the command key last, others the control key first.
  let order = mac ? MODIFIERS : ["Mod", "Ctrl", "Meta", "Alt", "Shift"]
  let sorted = order.filter(name => modifiers.includes(name))
  return [...sorted.map(name => (mac ? MAC : OTHER)[name] ?? name), capOf(key, mac)]
}

/** The same in one piece, also for keys that follow each other: `⇧⌘P`, `Ctrl+K Ctrl+C`. */
export function keysShown(keys: string, mac: boolean = isMac): string {
  let strokes = keys.split(" ").map(stroke => keyCaps(stroke, mac).join(mac ? "" : "+"))
  return strokes.join(" ")
}

/** The same as assistive technology reads it from `aria-keyshortcuts`. */
export function ariaKeys(keys: string, mac: boolean = isMac): string {
  let { modifiers, key } = parsed(keys)
  let names: Record<string, string> = { Mod: mac ? "Meta" : "Control", Ctrl: "Control" }
  return [...modifiers.map(name => names[name] ?? name), key].join("+")
}

function parsed(keys: string): { modifiers: readonly string[]; key: string } {
  // The key itself may be a hyphen.
  let parts = keys.split(/-(?!$)/)
  return { modifiers: parts.slice(0, -1), key: parts.at(-1) ?? "" }
}

function capOf(key: string, mac: boolean): string {
  return (mac && MAC_NAMES[key]) || NAMES[key] || (key.length === 1 ? key.toUpperCase() : key)
}
