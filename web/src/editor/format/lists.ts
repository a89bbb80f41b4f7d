/**
 * The keys that lists live by: Enter goes on with one, Backspace takes a mark away, Tab and Shift-Tab nest items.
 * Knows no key names. Numbers are put right in the transaction that makes them wrong.
 */
import {
  type ChangeSet,
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type SelectionRange,
  type StateCommand,
  type Text,
  type Transaction,
} from "@codemirror/state"
import {
  constantLists,
  type Item,
  itemsAround,
  leadOf,
  type Opening,
  openingOf,
  openingText,
  renumbered,
  type Splice,
  shift,
  signOf,
} from "./items"
import { canFormat, enclosing, linesOf, literalAt } from "./syntax"

/** What a command does at one of several cursors. */
interface Step {
  range: SelectionRange
  changes?: ChangeSpec
}

/** Starts the next line with the marks of this one; on an item without words, ends the list or comes out of it. */
export const continueList: StateCommand = ({ state, dispatch }) => {
  if (!canFormat(state)) return false
  let { ranges } = state.selection
  if (!ranges.some(range => goesOn(state, range))) return false
  let tr = state.changeByRange(range => leaving(state, range) ?? nextLine(state, range))
  dispatch(numbered(state, state.changes(tr.changes), tr.selection, "input"))
  return true
}

/** Takes away the innermost mark right before the cursor. */
export const deleteMark: StateCommand = ({ state, dispatch }) => {
  if (!canFormat(state)) return false
  let marks = state.selection.ranges.map(range => markBefore(state, range))
  if (marks.some(mark => !mark)) return false
  let changes = state.changes(marks.flatMap(mark => mark ?? []))
  dispatch(numbered(state, changes, state.selection.map(changes), "delete.mark"))
  return true
}

/** Makes items part of the item before them. Takes the key wherever there is an item, also one that stays. */
export const nestItems: StateCommand = ({ state, dispatch }) => moveItems(state, dispatch, nested)

/** Makes items siblings of what they are part of. */
export const unnestItems: StateCommand = ({ state, dispatch }) => moveItems(state, dispatch, unnested)

/** A transaction in which also the numbers around all that changes are right. */
export function numbered(
  state: EditorState,
  changes: ChangeSet,
  selection: EditorSelection,
  userEvent: string,
) {
  let places: number[] = selection.ranges.map(range => range.head)
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => places.push(fromB, toB))
  let [all, numbers] = renumbered(state.doc, changes, places)
  return state.update({ changes: all, selection: selection.map(numbers, 1), scrollIntoView: true, userEvent })
}

/** The item that a line is, as far as its syntax allows. */
export function itemAt(state: EditorState, pos: number): Opening | null {
  let { from, text } = state.doc.lineAt(pos)
  let opening = openingOf(text)
  if (!opening) return null
  let start = from + opening.lead.length + opening.indent.length
  return literalAt(state, start) || enclosing(state, start, start, "HorizontalRule", "Table") ? null : opening
}

function goesOn(state: EditorState, { from }: SelectionRange): boolean {
  let line = state.doc.lineAt(from)
  let opening = itemAt(state, from)
  if (opening) return openingText(opening).length <= from - line.from
  let lead = leadOf(line.text)
  return lead !== "" && lead.length <= from - line.from && isQuote(state, line.from + lead.length)
}

/** A line may look like a quote in the middle of code. */
function isQuote(state: EditorState, pos: number): boolean {
  return !!enclosing(state, pos, pos, "Blockquote") || !literalAt(state, pos)
}

/** Enter on a line with marks and no words; null on others. */
function leaving(state: EditorState, range: SelectionRange): Step | null {
  if (!range.empty || !goesOn(state, range)) return null
  let line = state.doc.lineAt(range.head)
  let opening = itemAt(state, range.head)
  let marks = opening ? openingText(opening) : leadOf(line.text)
  if (line.text.trimEnd().length > marks.trimEnd().length) return null
  let parent = opening && itemsAround(state.doc, line.number).find(item => item.line === line.number)?.parent
  let insert = parent ? openingText(successor(parent)) : (opening?.lead ?? "")
  return {
    changes: { from: line.from, to: line.to, insert },
    range: EditorSelection.cursor(line.from + insert.length),
  }
}

function nextLine(state: EditorState, range: SelectionRange): Step {
  let line = state.doc.lineAt(range.from)
  let insert = state.lineBreak + (goesOn(state, range) ? marksAfter(state, range.from) : indentOf(line.text))
  let to = range.to
  let { text, from } = state.doc.lineAt(to)
  while (/[ \t]/.test(text[to - from] ?? "")) to++
  return {
    changes: { from: range.from, to, insert },
    range: EditorSelection.cursor(range.from + insert.length),
  }
}

function marksAfter(state: EditorState, pos: number): string {
  let line = state.doc.lineAt(pos)
  let opening = itemAt(state, pos)
  if (!opening)
    return (
      leadOf(line.text) + (literalAt(state, pos) ? indentOf(line.text.slice(leadOf(line.text).length)) : "")
    )
  if (opening.number < 0) return openingText(successor(opening))
  let items = itemsAround(state.doc, line.number)
  let item = items.find(item => item.line === line.number)
  let constant = item && constantLists(items).has(item.list)
  return openingText({ ...successor(opening), number: opening.number + (constant ? 0 : 1) })
}

/** What opens the item after one: never a task that is done. */
function successor(opening: Opening): Opening {
  let { number, box } = opening
  return { ...opening, number: number < 0 ? number : number + 1, box: box && "[ ] " }
}

function indentOf(text: string): string {
  return /^\s*/.exec(text)?.[0] ?? ""
}

function markBefore(state: EditorState, { empty, head }: SelectionRange): Splice | null {
  if (!empty) return null
  let line = state.doc.lineAt(head)
  let opening = itemAt(state, head)
  let lead = leadOf(line.text)
  let marks = opening ? openingText(opening) : lead
  if (!marks || head !== line.from + marks.length || (!opening && !isQuote(state, head))) return null
  if (opening) return { from: line.from + lead.length + opening.indent.length, to: head, insert: "" }
  return { from: line.from + lead.lastIndexOf(">"), to: head, insert: "" }
}

/** Where an item goes: by how many columns, and what it then looks like. */
interface Move {
  by: number
  like?: Opening
}

type Mover = (item: Item, items: readonly Item[], moved: ReadonlyMap<Item, Move>) => Move | null

function moveItems(state: EditorState, dispatch: (tr: Transaction) => void, mover: Mover): boolean {
  if (!canFormat(state)) return false
  let lines = linesOf(state, state.selection.ranges).filter(line => itemAt(state, line.from))
  if (!lines.length) return false
  let chosen = new Set(lines.map(line => line.number))
  let specs: Splice[] = []
  let done = 0
  for (let { number } of lines) {
    if (number <= done) continue
    let items = itemsAround(state.doc, number)
    specs.push(...movesOf(state.doc, items, chosen, mover))
    done = Math.max(number, items.at(-1)?.line ?? 0)
  }
  let changes = state.changes(specs)
  if (!changes.empty) dispatch(numbered(state, changes, state.selection.map(changes, 1), "input.indent"))
  return true
}

function movesOf(doc: Text, items: readonly Item[], chosen: ReadonlySet<number>, mover: Mover): Splice[] {
  let moved = new Map<Item, Move>()
  return items.flatMap(item => {
    if (!chosen.has(item.line) || hasAbove(item, chosen)) return []
    let move = mover(item, items, moved)
    if (!move) return []
    moved.set(item, move)
    return moveItem(doc, item, move)
  })
}

function hasAbove({ parent }: Item, chosen: ReadonlySet<number>): boolean {
  return !!parent && (chosen.has(parent.line) || hasAbove(parent, chosen))
}

function moveItem(doc: Text, item: Item, { by, like = item }: Move): Splice[] {
  let { from } = doc.line(item.line)
  let at = from + item.lead.length + item.indent.length
  let [sign, insert] = [signOf(item), signOf(like)]
  let style = sign === insert ? [] : [{ from: at, to: at + sign.length, insert }]
  let inside = shift(doc, item.line + 1, item.last, by + insert.length - sign.length)
  return [...shift(doc, item.line, item.line, by), ...style, ...inside]
}

function nested(item: Item, items: readonly Item[], moved: ReadonlyMap<Item, Move>): Move | null {
  let before = items.findLast(other => other.parent === item.parent && other.line < item.line)
  if (!before) return null
  let along = moved.get(before)
  if (along) return { by: along.by }
  let child = items.findLast(other => other.parent === before)
  let like = child ? successor(child) : { ...item, number: Math.min(item.number, 1) }
  return { by: before.content - item.column, like }
}

function unnested(item: Item): Move {
  let { parent } = item
  return parent ? { by: parent.column - item.column, like: successor(parent) } : { by: -item.column }
}
