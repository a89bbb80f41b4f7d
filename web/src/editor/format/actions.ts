/**
 * Formats as actions of the page: what they are called, whether they can be done, and whether they are there already.
 * Knows no buttons. Is loaded when the page has time for it; the keys work before.
 */
import type { EditorState } from "@codemirror/state"
import type { Command, EditorView } from "@codemirror/view"
import type { Action } from "../../actions"
import { tables as tableWords, formats as words } from "../../messages/format"
import { addressAt } from "./address"
import { headingLevel, listKind } from "./blocks"
import { isMarked, MARKS } from "./inline"
import { leadOf } from "./items"
import { type FormatName, formatting, KEYS } from "./keys"
import { canFormat, enclosing, linesOf } from "./syntax"
import { type TableHelp, tableAt, withTable } from "./tables"
import { boxOf } from "./tasks"

/** Formats that are there or not; the others only happen. */
const STATES: Partial<Record<FormatName, (state: EditorState) => boolean>> = {
  bold: state => isMarked(state, state.selection.main, MARKS.bold),
  italic: state => isMarked(state, state.selection.main, MARKS.italic),
  strike: state => isMarked(state, state.selection.main, MARKS.strike),
  code: state => isMarked(state, state.selection.main, MARKS.code),
  link: state => !!enclosing(state, state.selection.main.from, state.selection.main.to, "Link"),
  heading: state => levelAt(state) > 0,
  bullets: state => everyLine(state, line => listKind(state, line) === "bullets"),
  numbers: state => everyLine(state, line => listKind(state, line) === "numbers"),
  tasks: state => everyLine(state, line => listKind(state, line) === "tasks"),
  quote: state => everyLine(state, line => leadOf(line.text) !== ""),
  codeBlock: state => !!enclosing(state, state.selection.main.from, state.selection.main.to, "FencedCode"),
}

/** Formats that are found faster where they are used than in a long list. */
const RARE: readonly FormatName[] = [
  "text",
  "heading1",
  "heading2",
  "heading3",
  "heading4",
  "heading5",
  "heading6",
  "tick",
]

const TABLE_COMMANDS = [
  "rowAbove",
  "rowBelow",
  "removeRow",
  "columnBefore",
  "columnAfter",
  "removeColumn",
  "alignLeft",
  "alignCenter",
  "alignRight",
  "tidy",
] as const satisfies readonly (keyof TableHelp)[]

/** The level of the heading the cursor is in; 0 outside of one. */
export function levelAt(state: EditorState): number {
  return headingLevel(state, state.doc.lineAt(state.selection.main.head))
}

/** Every format of a text. */
export function formatActions(view: EditorView): Action[] {
  let names = Object.keys(KEYS) as FormatName[]
  return [...names.map(name => formatAction(view, name)), openLink(view), ...tableActions(view)]
}

function formatAction(view: EditorView, name: FormatName): Action {
  let keys = KEYS[name]
  let isThere = STATES[name]
  return {
    id: `format.${name}`,
    title: titleOf(name),
    group: "format",
    ...(keys && { keys }),
    ...(RARE.includes(name) && { rare: true }),
    run: () => inText(view, formatting(name)),
    isOffered: () => canFormat(view.state) && (name !== "tick" || hasTask(view.state)),
    ...(isThere && { isOn: () => isThere(view.state) }),
  }
}

function titleOf(name: FormatName): string {
  let level = /^heading(\d)$/.exec(name)?.[1]
  return level ? words.level(Number(level)) : words[name as Exclude<FormatName, `heading${number}`>]
}

function openLink(view: EditorView): Action {
  let address = () => addressAt(view.state, view.state.selection.main.head)
  return {
    id: "format.openLink",
    title: words.openLink,
    group: "format",
    isOffered: () => address() !== null,
    run() {
      let found = address()
      if (found) window.open(found, "_blank", "noopener,noreferrer")
    },
  }
}

function tableActions(view: EditorView): Action[] {
  let insert: Action = {
    id: "format.table",
    title: tableWords.insert,
    group: "format",
    run: () => inText(view, view => withTable(view, "insertTable")),
    isOffered: () => canFormat(view.state) && !tableAt(view.state),
  }
  let others = TABLE_COMMANDS.map(
    (name): Action => ({
      id: `format.table.${name}`,
      title: tableWords[name],
      group: "format",
      rare: true,
      run: () => inText(view, view => withTable(view, name)),
      isOffered: () => canFormat(view.state) && !!tableAt(view.state),
    }),
  )
  return [insert, ...others]
}

function inText(view: EditorView, command: Command) {
  command(view)
  view.focus()
}

function hasTask(state: EditorState): boolean {
  return linesOf(state, state.selection.ranges).some(line => boxOf(state, line))
}

function everyLine(state: EditorState, test: (line: ReturnType<typeof linesOf>[number]) => boolean): boolean {
  let lines = linesOf(state, [state.selection.main])
  let [first] = lines
  if (!first || lines.length > 1_000) return false
  let worded = lines.length > 1 ? lines.filter(line => line.text.trim()) : lines
  return worded.length > 0 && worded.every(test)
}
