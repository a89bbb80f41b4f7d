/**
 * What text can be made into, by name.
 * Knows no keys, words and buttons. Is loaded when the page has time, or when the first of its keys is pressed.
 */
import type { StateCommand } from "@codemirror/state"
import { cycleHeading, insertRule, setHeading, toggleCodeBlock, toggleList, toggleQuote } from "./blocks"
import { MARKS, toggleMark } from "./inline"
import type { FormatName } from "./keys"
import { toggleLink } from "./link"
import { tickTasks } from "./tasks"

/** Every format. */
export const FORMATS: Readonly<Record<FormatName, StateCommand>> = {
  bold: toggleMark(MARKS.bold),
  italic: toggleMark(MARKS.italic),
  strike: toggleMark(MARKS.strike),
  code: toggleMark(MARKS.code),
  link: toggleLink,
  heading: cycleHeading,
  text: setHeading(0),
  heading1: setHeading(1),
  heading2: setHeading(2),
  heading3: setHeading(3),
  heading4: setHeading(4),
  heading5: setHeading(5),
  heading6: setHeading(6),
  bullets: toggleList("bullets"),
  numbers: toggleList("numbers"),
  tasks: toggleList("tasks"),
  tick: tickTasks,
  quote: toggleQuote,
  codeBlock: toggleCodeBlock,
  rule: insertRule,
}
