/**
 * What text can be made into, by name, and the keys for it.
 * Knows no words and no buttons: `actions.ts` tells the page of these.
 */
import type { StateCommand } from "@codemirror/state"
import type { KeyBinding } from "@codemirror/view"
import {
  cycleHeading,
  insertRule,
  setHeading,
  tickTasks,
  toggleCodeBlock,
  toggleList,
  toggleQuote,
} from "./blocks"
import { MARKS, toggleMark } from "./inline"
import { toggleLink } from "./link"

/** One thing that text can be made into. */
export interface Format {
  readonly keys?: string
  readonly run: StateCommand
}

/** Every format, in the order in which they are offered. */
export const FORMATS = {
  bold: { keys: "Mod-b", run: toggleMark(MARKS.bold) },
  italic: { keys: "Mod-i", run: toggleMark(MARKS.italic) },
  strike: { keys: "Mod-Shift-x", run: toggleMark(MARKS.strike) },
  code: { keys: "Mod-e", run: toggleMark(MARKS.code) },
  link: { keys: "Mod-k", run: toggleLink },
  heading: { run: cycleHeading },
  text: { keys: "Mod-Alt-0", run: setHeading(0) },
  heading1: { keys: "Mod-Alt-1", run: setHeading(1) },
  heading2: { keys: "Mod-Alt-2", run: setHeading(2) },
  heading3: { keys: "Mod-Alt-3", run: setHeading(3) },
  heading4: { keys: "Mod-Alt-4", run: setHeading(4) },
  heading5: { keys: "Mod-Alt-5", run: setHeading(5) },
  heading6: { keys: "Mod-Alt-6", run: setHeading(6) },
  bullets: { keys: "Mod-Shift-8", run: toggleList("bullets") },
  numbers: { keys: "Mod-Shift-7", run: toggleList("numbers") },
  tasks: { keys: "Mod-Shift-9", run: toggleList("tasks") },
  tick: { keys: "Mod-Enter", run: tickTasks },
  quote: { keys: "Mod-Shift-.", run: toggleQuote },
  codeBlock: { keys: "Mod-Alt-c", run: toggleCodeBlock },
  rule: { run: insertRule },
} satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS

/** The keys of all formats. */
export const formatKeys: readonly KeyBinding[] = Object.values(FORMATS).flatMap((format: Format) =>
  format.keys ? { key: format.keys, run: format.run } : [],
)
