/**
 * The names of all that text can be made into, and the keys for it.
 * Knows how nothing of it is done: that is loaded when the page has time, or when the first of these keys is pressed.
 */
import type { Command, KeyBinding } from "@codemirror/view"
import { later } from "./later"
import { canFormat } from "./syntax"
import { tickTasks } from "./tasks"

/** The key of each format, in the order in which they are offered. */
export const KEYS = {
  bold: "Mod-b",
  italic: "Mod-i",
  strike: "Mod-Shift-x",
  code: "Mod-e",
  link: "Mod-k",
  heading: "",
  text: "Mod-Alt-0",
  heading1: "Mod-Alt-1",
  heading2: "Mod-Alt-2",
  heading3: "Mod-Alt-3",
  heading4: "Mod-Alt-4",
  heading5: "Mod-Alt-5",
  heading6: "Mod-Alt-6",
  bullets: "Mod-Shift-8",
  numbers: "Mod-Shift-7",
  tasks: "Mod-Shift-9",
  tick: "Mod-Enter",
  quote: "Mod-Shift-.",
  codeBlock: "Mod-Alt-c",
  rule: "",
}

export type FormatName = keyof typeof KEYS

/** What makes formats. */
export const withFormats = later(() => import("./formats"))

/** The command of a format. */
export function formatting(name: FormatName): Command {
  // Without a task this key means something else, which it must be known at once.
  if (name === "tick") return tickTasks as Command
  return view => canFormat(view.state) && withFormats(({ FORMATS }) => FORMATS[name](view), view)
}

/** The keys of all formats. */
export const formatKeys: readonly KeyBinding[] = Object.entries(KEYS).flatMap(([name, key]) =>
  key ? { key, run: formatting(name as FormatName) } : [],
)
