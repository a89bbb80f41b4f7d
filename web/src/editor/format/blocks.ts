/**
 * What whole lines are: headings, quotes, lists, tasks, code, rules.
 * Knows no keys; each command makes its lines what it is called after, or plain again where all of them are that.
 */
import { EditorSelection, type EditorState, type Line, type StateCommand } from "@codemirror/state"
import type { SyntaxNode } from "@lezer/common"
import {
  columns,
  itemsAround,
  leadOf,
  type Opening,
  openingOf,
  openingText,
  type Splice,
  shift,
  signOf,
} from "./items"
import { itemAt, numbered } from "./lists"
import { canFormat, enclosing, linesOf, literalAt } from "./syntax"

/** The kinds of list. */
export type ListKind = "bullets" | "numbers" | "tasks"

const HEADING = /^\s{0,3}(#{1,6})(?:\s+|$)/
const SETEXT = ["SetextHeading1", "SetextHeading2"]
/** What goes round after a heading of the third level is plain text. */
const CYCLE = 3

/** Makes lines headings of a level; 0 is plain text. */
export function setHeading(level: number): StateCommand {
  return ({ state, dispatch }) => {
    let lines = textLines(state)
    if (!lines) return false
    let off = lines.every(line => headingLevel(state, line) === level)
    dispatch(
      edited(
        state,
        lines.flatMap(line => headed(state, line, off ? 0 : level)),
      ),
    )
    return true
  }
}

/** Makes lines headings, then smaller ones, then plain again. */
export const cycleHeading: StateCommand = target => {
  let [line] = textLines(target.state) ?? []
  if (!line) return false
  let level = headingLevel(target.state, line)
  return setHeading(level < CYCLE ? level + 1 : 0)(target)
}

/** The level of the heading that a line is; 0 for other lines. */
export function headingLevel(state: EditorState, line: Line): number {
  let own = line.text.slice(leadOf(line.text).length)
  let sharp = HEADING.exec(own)?.[1]?.length
  if (sharp) return literalAt(state, line.from) ? 0 : sharp
  let setext = line.length ? enclosing(state, line.from, line.to, ...SETEXT) : null
  return setext ? Number(setext.name.slice(-1)) : 0
}

/** Puts lines in a quote, or takes them out of one. */
export const toggleQuote: StateCommand = ({ state, dispatch }) => {
  if (!canFormat(state)) return false
  let lines = linesOf(state, state.selection.ranges)
  let off = lines.every(line => leadOf(line.text) !== "")
  let specs = lines.map((line): Splice => {
    if (!off) return { from: line.from, to: line.from, insert: "> " }
    return { from: line.from, to: line.from + (/^\s*>\s?/.exec(line.text)?.[0].length ?? 0), insert: "" }
  })
  dispatch(edited(state, specs))
  return true
}

/** Makes lines items of a list, or items plain lines. */
export function toggleList(kind: ListKind): StateCommand {
  return ({ state, dispatch }) => {
    let lines = itemLines(state, textLines(state) ?? [])
    if (!lines.length) return false
    let off = lines.every(line => listKind(state, line) === kind)
    dispatch(edited(state, off ? lines.map(unlisted) : listed(state, lines, kind)))
    return true
  }
}

/** The kind of list that a line is an item of. */
export function listKind(state: EditorState, line: Line): ListKind | null {
  let opening = itemAt(state, line.from)
  if (!opening) return null
  return opening.box ? "tasks" : opening.number < 0 ? "bullets" : "numbers"
}

/** Puts lines between fences, or takes the fences away. */
export const toggleCodeBlock: StateCommand = ({ state, dispatch }) => {
  if (!canFormat(state)) return false
  let { from, to } = state.selection.main
  let code = enclosing(state, from, to, "FencedCode")
  let how = { scrollIntoView: true, userEvent: "input.format" }
  if (code) dispatch(state.update({ changes: unfenced(state, code), ...how }))
  else dispatch(state.update({ ...fenced(state), ...how }))
  return true
}

function unfenced({ doc }: EditorState, { from, to, lastChild }: SyntaxNode): Splice[] {
  let [first, last] = [doc.lineAt(from), doc.lineAt(to)]
  let specs = [{ from: first.from, to: Math.min(first.to + 1, doc.length), insert: "" }]
  let closed = first.number < last.number && lastChild?.name === "CodeMark"
  if (closed) specs.push({ from: Math.max(last.from - 1, first.to + 1), to: last.to, insert: "" })
  return specs
}

function fenced({ doc, selection: { main } }: EditorState) {
  let first = doc.lineAt(main.from)
  // A selection that ends before a line's first character does not touch that line.
  let end = main.empty || doc.lineAt(main.to).from < main.to ? main.to : main.to - 1
  let last = doc.lineAt(end)
  let lead = leadOf(first.text)
  let fence = lead + fenceFor(doc.sliceString(first.from, last.to))
  let moved = (pos: number) => Math.min(pos, last.to) + fence.length + 1
  return {
    changes: [
      { from: first.from, insert: `${fence}\n` },
      { from: last.to, insert: `\n${fence}` },
    ],
    selection: EditorSelection.range(moved(main.anchor), moved(main.head)),
  }
}

/** Puts a rule behind the line of the cursor, and the cursor behind the rule. */
export const insertRule: StateCommand = ({ state, dispatch }) => {
  if (!canFormat(state)) return false
  let line = state.doc.lineAt(state.selection.main.head)
  let isBlank = !line.text.trim()
  let above = line.number > 1 ? state.doc.line(line.number - 1).text.trim() : ""
  // Right under words, the dashes would make these a heading.
  let before = !isBlank ? "\n\n" : above ? "\n" : ""
  let insert = `${before}---\n\n`
  let from = isBlank ? line.from : line.to
  let changes = { from, to: line.to, insert }
  let selection = EditorSelection.cursor(from + insert.length)
  dispatch(state.update({ changes, selection, scrollIntoView: true, userEvent: "input.format" }))
  return true
}

/** The lines that are to be changed: those with words, or the only one. */
function textLines(state: EditorState): Line[] | null {
  if (!canFormat(state)) return null
  let lines = linesOf(state, state.selection.ranges)
  let worded = lines.filter(line => line.text.trim() && !literalAt(state, line.from))
  let chosen = worded.length ? worded : lines.slice(0, 1).filter(line => !literalAt(state, line.from))
  return chosen.length ? chosen : null
}

function edited(state: EditorState, specs: readonly Splice[]) {
  let changes = state.changes(specs)
  return numbered(state, changes, state.selection.map(changes, 1), "input.format")
}

/** A line as a heading of a level; what made it another one, or an item, goes. */
function headed(state: EditorState, line: Line, level: number): Splice[] {
  let lead = leadOf(line.text).length
  let marks = level > 0 && itemAt(state, line.from)
  let start = marks ? openingText(marks).length : lead
  let old = HEADING.exec(line.text.slice(start))?.[0].length ?? 0
  let insert = level > 0 ? `${"#".repeat(level)} ` : ""
  let specs = [{ from: line.from + lead, to: line.from + start + old, insert }]
  let closing = old ? /\s+#+\s*$/.exec(line.text.slice(start + old)) : null
  if (closing) specs.push({ from: line.to - closing[0].length, to: line.to, insert: "" })
  let setext = line.length ? enclosing(state, line.from, line.to, ...SETEXT) : null
  let under = setext && state.doc.lineAt(setext.to)
  if (under && under.number > line.number) specs.push({ from: under.from - 1, to: under.to, insert: "" })
  return specs
}

/** Among items, what is indented is more of their words. */
function itemLines(state: EditorState, lines: readonly Line[]): readonly Line[] {
  let isItem = (line: Line) => itemAt(state, line.from) !== null
  return lines.some(isItem) ? lines.filter(line => isItem(line) || !/^\s/.test(line.text)) : lines
}

/** Lines as items. What is in an item that gets a longer sign moves along. */
function listed(state: EditorState, lines: readonly Line[], kind: ListKind): Splice[] {
  let counts = new Counts(state, lines[0])
  let moved = new Map<number, number>()
  let specs: Splice[] = []
  for (let line of lines) {
    let lead = leadOf(line.text)
    let old = openingOf(line.text)
    let indent = old?.indent ?? /^\s*/.exec(line.text.slice(lead.length))?.[0] ?? ""
    let start = old ? openingText(old).length : lead.length + indent.length
    let heading = HEADING.exec(line.text.slice(start))?.[0].length ?? 0
    let opening = openingFor(old ?? plainOpening(lead, indent), kind, counts.next(columns(indent)))
    if (old) moveInside(state, line, signOf(opening).length - signOf(old).length, moved)
    let by = moved.get(line.number) ?? 0
    let space = by < 0 ? indent.slice(-by) : indent + " ".repeat(by)
    let insert = openingText({ ...opening, indent: space }).slice(lead.length)
    specs.push({ from: line.from + lead.length, to: line.from + start + heading, insert })
  }
  let chosen = new Set(lines.map(line => line.number))
  for (let [n, by] of moved) if (!chosen.has(n)) specs.push(...shift(state.doc, n, n, by))
  return specs
}

/** Notes by how many columns the lines in an item move. */
function moveInside({ doc }: EditorState, line: Line, by: number, moved: Map<number, number>) {
  let item = by && itemsAround(doc, line.number).find(item => item.line === line.number)
  if (!item) return
  for (let n = item.line + 1; n <= item.last; n++) moved.set(n, (moved.get(n) ?? 0) + by)
}

/** Counts lines by how far they are indented: each level from 1 below another line, the first on from the item above. */
class Counts {
  private levels: { column: number; count: number }[] = []

  constructor({ doc }: EditorState, line: Line | undefined) {
    let above = line && line.number > 1 ? openingOf(doc.line(line.number - 1).text) : null
    if (above && above.number >= 0) this.levels.push({ column: above.column, count: above.number })
  }

  next(column: number): number {
    this.levels = this.levels.filter(level => level.column <= column)
    let level = this.levels.find(level => level.column === column) ?? { column, count: 0 }
    if (++level.count === 1) this.levels.push(level)
    return level.count
  }
}

function plainOpening(lead: string, indent: string): Opening {
  return { lead, indent, sign: "-", number: -1, space: " ", box: "", column: 0, content: 0 }
}

function openingFor(old: Opening, kind: ListKind, number: number): Opening {
  let box = kind === "tasks" ? "[ ] " : ""
  if (kind === "numbers") return { ...old, sign: old.number < 0 ? "." : old.sign, number, space: " ", box }
  return { ...old, sign: old.number < 0 ? old.sign : "-", number: -1, space: " ", box }
}

function unlisted(line: Line): Splice {
  let lead = leadOf(line.text).length
  let opening = openingOf(line.text)
  return {
    from: line.from + lead,
    to: line.from + (opening ? openingText(opening).length : lead),
    insert: "",
  }
}

/** More ticks than the text between them has anywhere. */
function fenceFor(text: string): string {
  let longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map(run => run.length))
  return "`".repeat(longest + 1)
}
