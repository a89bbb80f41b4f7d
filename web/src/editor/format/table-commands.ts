/**
 * What can be done in a table: going from cell to cell, rows, columns, lining up.
 * Knows no keys. Each change touches as little text as it can: somebody else may be writing in the next cell.
 */
import { ChangeSet, EditorSelection, type EditorState, type TransactionSpec } from "@codemirror/state"
import type { Command, EditorView } from "@codemirror/view"
import { messages } from "../../messages/table"
import { leadOf, type Splice } from "./items"
import { type Align, type Cell, cellsIn, dashesOf, readTable, tableOf, writeTable } from "./table-text"
import { isShared, tableAt } from "./tables"

/** The table at the cursor, and where in it the cursor is. */
interface Place {
  /** The number of the head's line; the dashes are in the next. */
  readonly first: number
  readonly last: number
  readonly line: number
  readonly column: number
  readonly columns: number
}

/** Selects the words of the next cell; behind the last one makes a row. */
export const nextCell: Command = view => go(view, 1)

/** Selects the words of the cell before. */
export const previousCell: Command = view => go(view, -1)

/** Makes a row below; in an empty last row, goes out of the table instead and takes the row along. */
export const enterRow: Command = view => {
  let place = placeOf(view.state)
  if (!place) return false
  let { doc } = view.state
  let isEmpty = cellsIn(doc.line(place.line).text).every(cell => cell.start === cell.end)
  return isEmpty && place.line === place.last && place.last > place.first + 1
    ? leave(view, place)
    : addRow(view, place, 1)
}

export const rowAbove: Command = view => withPlace(view, place => addRow(view, place, 0))
export const rowBelow: Command = view => withPlace(view, place => addRow(view, place, 1))
export const columnBefore: Command = view => withPlace(view, place => addColumn(view, place, place.column))
export const columnAfter: Command = view => withPlace(view, place => addColumn(view, place, place.column + 1))

/** Removes the cursor's row; the head stays. */
export const removeRow: Command = view =>
  withPlace(view, ({ first, line, column }) => {
    if (line <= first + 1) return
    let { doc } = view.state
    let changes = { from: doc.line(line - 1).to, to: doc.line(line).to }
    view.dispatch(edit(view.state, changes))
    // The dashes are no row.
    selectCell(view, line - 1 === first + 1 ? first : line - 1, column)
  })

/** Removes the cursor's column; the last one takes the table along. */
export const removeColumn: Command = view =>
  withPlace(view, place => {
    let { first, last, line, column, columns } = place
    let { doc } = view.state
    if (columns === 1)
      return view.dispatch(edit(view.state, { from: doc.line(first).from, to: doc.line(last).to }))
    let specs = linesOf(place).flatMap(n => {
      let { from, text } = doc.line(n)
      let cell = cellsIn(text)[column]
      if (!cell) return []
      let hasBar = text[cell.to] === "|"
      return {
        from: from + (hasBar ? cell.from : cell.from - 1),
        to: from + (hasBar ? cell.to + 1 : cell.to),
      }
    })
    view.dispatch(linedUp(view.state, place, view.state.changes(specs)))
    selectCell(view, line, Math.min(column, columns - 2))
  })

export const alignLeft: Command = view => align(view, "left")
export const alignCenter: Command = view => align(view, "center")
export const alignRight: Command = view => align(view, "right")

/** Lines the columns up. */
export const tidy: Command = view =>
  withPlace(view, place => view.dispatch(linedUp(view.state, place, ChangeSet.empty(view.state.doc.length))))

/** The same for a table that the cursor has left. Returns false where it has to wait, because somebody writes in it. */
export function tidyAt(view: EditorView, pos: number): boolean {
  let { state } = view
  let table = !state.readOnly && tableAt(state, Math.min(pos, state.doc.length))
  if (!table) return true
  if (view.composing || isShared(state, table)) return false
  let place = placeIn(state, table, table.from)
  let spec = linedUp(state, place, ChangeSet.empty(state.doc.length))
  if (spec.changes && !(spec.changes as ChangeSet).empty) view.dispatch({ ...spec, userEvent: "input.tidy" })
  return true
}

/** Puts a table of two rows at the cursor, the words of its first head selected. */
export const insertTable: Command = view => {
  let { state } = view
  if (state.readOnly) return false
  let line = state.doc.lineAt(state.selection.main.head)
  let head = [1, 2, 3].map(messages.column)
  let text = writeTable(tableOf([head, [], []])).join("\n")
  let isBlank = !line.text.trim()
  let above = isBlank && line.number > 1 ? state.doc.line(line.number - 1).text.trim() : ""
  let before = !isBlank ? "\n\n" : above ? "\n" : ""
  let below = line.number < state.doc.lines ? state.doc.line(line.number + 1).text.trim() : ""
  let from = isBlank ? line.from : line.to
  let start = from + before.length + 2
  view.dispatch({
    changes: { from, to: line.to, insert: state.toText(before + text + (below ? "\n" : "")) },
    selection: { anchor: start, head: start + (head[0]?.length ?? 0) },
    scrollIntoView: true,
    userEvent: "input.format",
  })
  return true
}

function withPlace(view: EditorView, run: (place: Place) => void): boolean {
  let place = view.state.readOnly ? null : placeOf(view.state)
  if (place) run(place)
  return !!place
}

function placeOf(state: EditorState): Place | null {
  let table = tableAt(state)
  return table && placeIn(state, table, state.selection.main.head)
}

function placeIn({ doc }: EditorState, { from, to }: { from: number; to: number }, head: number): Place {
  let [first, last, line] = [doc.lineAt(from), doc.lineAt(to), doc.lineAt(head)]
  let at = cellsIn(line.text).findLastIndex(cell => cell.from <= head - line.from)
  let columns = cellsIn(first.text).length
  let column = Math.min(Math.max(at, 0), columns - 1)
  return { first: first.number, last: last.number, line: line.number, column, columns }
}

function linesOf({ first, last }: Place): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** Moves over the cells of all rows; the dashes have none. */
function go(view: EditorView, step: 1 | -1): boolean {
  let place = placeOf(view.state)
  if (!place) return false
  let { first, last, columns } = place
  let line = place.line === first + 1 ? (step > 0 ? first + 1 : first + 2) : place.line
  let column = place.line === first + 1 ? (step > 0 ? columns - 1 : 0) : place.column
  column += step
  if (column < 0 || columns <= column) {
    line += step
    column = column < 0 ? columns - 1 : 0
    if (line === first + 1) line += step
  }
  if (line > last) return addRow(view, { ...place, line: last }, 1)
  if (line >= first) selectCell(view, line, column)
  return true
}

function selectCell(view: EditorView, line: number, column: number) {
  let { from, text } = view.state.doc.line(line)
  let cell = cellsIn(text)[column]
  let [anchor, head] = cell ? [from + cell.start, from + cell.end] : [from + text.length, from + text.length]
  view.dispatch({ selection: { anchor, head }, scrollIntoView: true, userEvent: "select" })
}

/** Makes a row above (0) or below (1) the cursor's; none goes before the dashes. */
function addRow(view: EditorView, { first, line, columns }: Place, below: 0 | 1): true {
  let { doc } = view.state
  let after = Math.max(below ? line : line - 1, first + 1)
  let shape = cellsIn(doc.line(first + 1).text)
  let blank = Array.from({ length: columns }, (_, i) => " ".repeat(widthIn(shape[i])))
  let insert = `\n${leadOf(doc.line(first).text)}|${blank.join("|")}|`
  view.dispatch(edit(view.state, { from: doc.line(after).to, insert }))
  selectCell(view, after + 1, 0)
  return true
}

function widthIn(cell: Cell | undefined): number {
  return cell ? Math.max(cell.to - cell.from, 3) : 5
}

function addColumn(view: EditorView, place: Place, at: number) {
  let { doc } = view.state
  let specs = linesOf(place).flatMap(n => {
    let { from, text } = doc.line(n)
    let cells = cellsIn(text)
    let words = n === place.first + 1 ? ` ${dashesOf("")} ` : "     "
    let next = cells[at]
    if (next) return { from: from + next.from, insert: `${words}|` }
    let before = cells.length === at ? cells[at - 1] : undefined
    if (!before) return []
    return text[before.to] === "|"
      ? { from: from + before.to + 1, insert: `${words}|` }
      : { from: from + before.to, insert: ` |${words}` }
  })
  view.dispatch(linedUp(view.state, place, view.state.changes(specs)))
  selectCell(view, place.line, at)
}

function align(view: EditorView, align: Align): boolean {
  return withPlace(view, place => {
    let { from, text } = view.state.doc.line(place.first + 1)
    let cell = cellsIn(text)[place.column]
    if (!cell) return
    let insert = dashesOf(align, Math.max(3, cell.end - cell.start))
    let changes = view.state.changes({ from: from + cell.start, to: from + cell.end, insert })
    view.dispatch(linedUp(view.state, place, changes))
  })
}

/** Out of the table and its last row. What is right below a table is part of it: an empty line comes between. */
function leave(view: EditorView, { line }: Place): true {
  let { doc } = view.state
  let { from, to } = doc.line(line)
  let hasBlank = line < doc.lines && !doc.line(line + 1).text.trim()
  view.dispatch({
    ...edit(view.state, { from, to, insert: hasBlank ? "" : "\n" }),
    selection: EditorSelection.cursor(from + 1),
  })
  return true
}

function edit(state: EditorState, changes: TransactionSpec["changes"] & {}): TransactionSpec {
  return { changes: state.changes(changes), scrollIntoView: true, userEvent: "input.table" }
}

/** A change of a table, and then its columns lined up. */
function linedUp(state: EditorState, { first, last }: Place, changes: ChangeSet): TransactionSpec {
  let doc = changes.apply(state.doc)
  let lines = Array.from({ length: last - first + 1 }, (_, i) => doc.line(first + i))
  let texts = lines.map(line => line.text)
  let written = writeTable(readTable(texts))
  let specs = lines.flatMap(({ from, text }, i) => {
    let lead = /^(?:\s{0,3}>\s?)*\s*/.exec(text)?.[0] ?? ""
    return respaced(text, lead + (written[i] ?? "")).map(splice => moved(splice, from))
  })
  return edit(state, changes.compose(ChangeSet.of(specs, doc.length)))
}

/** The changes that make a line of cells another with the same words, most of them in the space between. */
function respaced(old: string, now: string): Splice[] {
  let [a, b] = [parts(old), parts(now)]
  return a.flatMap((part, i) => {
    let other = i === a.length - 1 ? now.slice(b[i]?.at ?? now.length) : (b[i]?.text ?? "")
    return spliceOf(part.text, other).map(splice => moved(splice, part.at))
  })
}

/** A line in turns of space with bars, and words. */
function parts(text: string): { text: string; at: number }[] {
  let edges = [0, ...cellsIn(text).flatMap(cell => [cell.start, cell.end]), text.length]
  return edges.slice(1).map((to, i) => ({ text: text.slice(edges[i], to), at: edges[i] ?? 0 }))
}

function spliceOf(old: string, now: string): Splice[] {
  if (old === now) return []
  let from = 0
  while (from < Math.min(old.length, now.length) && old[from] === now[from]) from++
  let tail = 0
  while (tail < Math.min(old.length, now.length) - from && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  return [{ from, to: old.length - tail, insert: now.slice(from, now.length - tail) }]
}

function moved({ from, to, insert }: Splice, by: number): Splice {
  return { from: from + by, to: to + by, insert }
}
