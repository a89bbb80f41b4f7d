/**
 * The words of what helps writing: formats, tables, the line below the text, the outline. Loaded when the page has time.
 * Knows no element and no state.
 */
import { count } from "./number"

export const formats = {
  toolbar: "Formatting",
  bold: "Bold",
  italic: "Italic",
  strike: "Strikethrough",
  code: "Code",
  link: "Link",
  openLink: "Open link",
  text: "Plain text",
  heading: "Heading",
  level: (level: number) => `Heading ${level}`,
  bullets: "Bulleted list",
  numbers: "Numbered list",
  tasks: "Task list",
  tick: "Tick task",
  quote: "Quote",
  codeBlock: "Code block",
  rule: "Horizontal rule",
  pastePlain: "Paste without formatting",
  pasteRefused: "The browser did not let the page read the clipboard. Paste with the keys instead.",
  showToolbar: "Formatting buttons",
  toToolbar: "Go to the formatting buttons",
}

export const tables = {
  table: "Table",
  menu: "Change the table",
  insert: "Insert table",
  rowAbove: "Add row above",
  rowBelow: "Add row below",
  removeRow: "Remove row",
  columnBefore: "Add column before",
  columnAfter: "Add column after",
  removeColumn: "Remove column",
  alignLeft: "Align column left",
  alignCenter: "Centre column",
  alignRight: "Align column right",
  tidy: "Line up columns",
}

export const foot = {
  label: "About the text",
  place: (line: number, column: number) => `Ln ${count(line)}, Col ${count(column)}`,
  goTo: "Go to another line",
  words: (words: number) => `${count(words)} ${words === 1 ? "word" : "words"}`,
  wordsOf: (selected: number, words: number) => `${count(selected)} of ${foot.words(words)}`,
  details: "More counts",
  whole: "Whole text",
  selection: "Selection",
  rows: {
    words: "Words",
    characters: "Characters",
    solid: "Without spaces",
    lines: "Lines",
    reading: "Reading time",
  },
  minutes: (minutes: number) => (minutes < 1 ? "under 1 min" : `${count(Math.round(minutes))} min`),
  counting: "Counting…",
}

export const outline = {
  title: "Outline",
  empty: "Headings appear here. Begin a line with # to make one.",
  close: "Close the outline",
  untitled: "Untitled",
}
