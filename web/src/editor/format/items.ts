/**
 * Lists as lines of text: what opens an item, which items belong together, and how they are numbered.
 * Knows no cursor and no syntax tree, so that it can look at a text that is only about to be.
 */
import { ChangeSet, type Text } from "@codemirror/state"

/** How far a list is followed up and down from where something changes, in lines. */
const REACH = 1_000
/** Quote marks, then white space, then a bullet or number, then perhaps a task's box. */
const ITEM = /^((?:\s{0,3}>\s?)*)(\s*)(?:([-*+])|(\d{1,9})([.)]))(\s+|$)(\[[ xX]\](?:\s+|$))?/
const LEAD = /^(?:\s{0,3}>\s?)*/
const FENCE = /^\s*(```|~~~)/
const TAB = 4

/** What a line opens with that makes it an item of a list. */
export interface Opening {
  /** The quote marks before everything else. */
  readonly lead: string
  readonly indent: string
  /** A bullet, or what follows the number. */
  readonly sign: string
  /** -1 with a bullet. */
  readonly number: number
  readonly space: string
  /** `[ ] ` of a task, with its white space; empty otherwise. */
  readonly box: string
  /** Columns from the quote marks to the item's sign, and to its words. */
  readonly column: number
  readonly content: number
}

/** An item among those around it. */
export interface Item extends Opening {
  readonly line: number
  /** The last line that belongs to it, with what is nested in it. */
  last: number
  readonly parent: Item | null
  /** The item before it in the same list. */
  readonly previous: Item | null
  /** Which of the lists around it this is, as a number of its own. */
  readonly list: number
}

/** A change in offsets of the text it is made for. */
export interface Splice {
  from: number
  to: number
  insert: string
}

/** The opening of a line; null when it is no item. A sign alone is one too, if `bare`. */
export function openingOf(text: string, bare = false): Opening | null {
  let match = ITEM.exec(text)
  if (!match) return null
  let [, lead = "", indent = "", bullet, number, delimiter, space = "", box = ""] = match
  if (!space && !bare) return null
  let column = columns(indent)
  let sign = bullet ?? delimiter ?? ""
  let width = (number?.length ?? 0) + sign.length
  // More than four spaces are code in the item, and its words begin after the first.
  let gap = 1 <= space.length && space.length <= TAB ? space.length : 1
  return {
    lead,
    indent,
    sign,
    number: number ? Number(number) : -1,
    space,
    box,
    column,
    content: column + width + gap,
  }
}

/** The opening's own text, with what may be different. */
export function openingText(opening: Opening): string {
  let { lead, indent, sign, number, space, box } = opening
  return `${lead}${indent}${number < 0 ? "" : number}${sign}${space || " "}${box}`
}

/** A bullet, or a number with what follows it. */
export function signOf({ number, sign }: Opening): string {
  return number < 0 ? sign : number + sign
}

/** The quote marks that a line opens with. */
export function leadOf(text: string): string {
  return LEAD.exec(text)?.[0] ?? ""
}

/** The items of the lists around a line, in order. */
export function itemsAround(doc: Text, line: number): Item[] {
  let [first, last] = extent(doc, line)
  let items: Item[] = []
  let open: Item[] = []
  let fence = ""
  for (let n = first; n <= last; n++) {
    let { text } = doc.line(n)
    let mark = FENCE.exec(text.slice(leadOf(text).length))?.[1]
    if (mark && (!fence || fence === mark)) fence = fence ? "" : mark
    let opening = fence || mark ? null : openingOf(text, true)
    if (opening) items.push(nest(open, opening, n))
    if (text.trim()) keep(open, opening ?? rest(text), n)
  }
  return items
}

/** The changes that give the items around these lines the numbers they should have. */
export function renumbering(doc: Text, lines: readonly number[]): Splice[] {
  let specs: Splice[] = []
  let done = 0
  for (let line of lines) {
    if (line <= done) continue
    let items = itemsAround(doc, line)
    specs.push(...renumber(doc, items))
    done = Math.max(line, ...items.map(item => item.last))
  }
  return specs
}

/** `changes` of `doc`, and after them those that number the lists around these places of the new text. */
export function renumbered(doc: Text, changes: ChangeSet, places: readonly number[]): [ChangeSet, ChangeSet] {
  let after = changes.apply(doc)
  let lines = places.map(place => after.lineAt(place).number).sort((a, b) => a - b)
  let numbers = ChangeSet.of(renumbering(after, lines), after.length)
  return [numbers.empty ? changes : changes.compose(numbers), numbers]
}

/** The lists whose items all have one number, as some write them. */
export function constantLists(items: readonly Item[]): Set<number> {
  let second = items.filter(({ previous }) => previous && !previous.previous)
  return new Set(second.filter(item => item.number === item.previous?.number).map(item => item.list))
}

/** The changes that move lines by some columns; the quote marks before them stay. */
export function shift(doc: Text, first: number, last: number, by: number): Splice[] {
  let specs: Splice[] = []
  for (let n = first; n <= last && by !== 0; n++) {
    let { from, text } = doc.line(n)
    let lead = leadOf(text).length
    if (!text.slice(lead).trim()) continue
    let at = from + lead
    specs.push({ from: at, to: at + dedent(text.slice(lead), -by), insert: " ".repeat(Math.max(by, 0)) })
  }
  return specs.filter(({ from, to, insert }) => from < to || insert)
}

/** How many characters of white space make up so many columns. */
function dedent(text: string, by: number): number {
  let length = 0
  while (length < text.length && columns(text.slice(0, length)) < by && /[ \t]/.test(text[length] ?? ""))
    length++
  return length
}

/** The number of columns of white space. */
export function columns(space: string): number {
  let column = 0
  for (let char of space) column = char === "\t" ? column + TAB - (column % TAB) : column + 1
  return column
}

function renumber(doc: Text, items: readonly Item[]): Splice[] {
  let constant = constantLists(items)
  let numbers = new Map<Item, number>()
  let grown = new Map<Item, number>()
  let specs: Splice[] = []
  for (let item of items) {
    specs.push(...shift(doc, item.line, item.line, growthAbove(item, grown)))
    if (item.number < 0) continue
    let { previous } = item
    let step = constant.has(item.list) ? 0 : 1
    let number = previous ? (numbers.get(previous) ?? previous.number) + step : item.number
    numbers.set(item, number)
    if (number === item.number) continue
    let from = doc.line(item.line).from + item.lead.length + item.indent.length
    specs.push({ from, to: from + String(item.number).length, insert: String(number) })
    grown.set(item, String(number).length - String(item.number).length)
  }
  return [...specs, ...shiftedText(doc, items, grown)]
}

/** By how many columns what an item is nested in has grown. */
function growthAbove({ parent }: Item, grown: ReadonlyMap<Item, number>): number {
  return parent ? (grown.get(parent) ?? 0) + growthAbove(parent, grown) : 0
}

/** Lines of an item that are no items move with its words. */
function shiftedText(doc: Text, items: readonly Item[], grown: ReadonlyMap<Item, number>): Splice[] {
  let opened = new Set(items.map(item => item.line))
  return [...grown].flatMap(([item, by]) => {
    let specs: Splice[] = []
    for (let n = item.line + 1; n <= item.last; n++) if (!opened.has(n)) specs.push(...shift(doc, n, n, by))
    return specs
  })
}

/** Finds an opening's place among the items that are open, and opens it. */
function nest(open: Item[], opening: Opening, line: number): Item {
  let sibling: Item | undefined
  for (
    let last = open.at(-1);
    last && (opening.column < last.content || opening.lead !== last.lead);
    last = open.at(-1)
  ) {
    sibling = open.pop()
  }
  let previous = sibling && sibling.lead === opening.lead && isAlike(sibling, opening) ? sibling : null
  let item = {
    ...opening,
    line,
    last: line,
    parent: open.at(-1) ?? null,
    previous,
    list: previous?.list ?? line,
  }
  open.push(item)
  return item
}

function isAlike(a: Opening, b: Opening): boolean {
  return a.sign === b.sign && a.number < 0 === b.number < 0
}

/** Lets the open items that a line lies in reach down to it, and closes the others. */
function keep(open: Item[], { column }: { column: number }, line: number) {
  for (let item of open) if (item.line === line || item.content <= column) item.last = line
}

function rest(text: string): { column: number } {
  let space = /^\s*/.exec(text.slice(leadOf(text).length))?.[0] ?? ""
  return { column: columns(space) }
}

/** The first and last line of what may be one list with this line. */
function extent(doc: Text, line: number): [number, number] {
  let reach = (step: number) => {
    let last = line
    for (let n = line + step; 1 <= n && n <= doc.lines && Math.abs(n - line) <= REACH; n += step) {
      let { text } = doc.line(n)
      let own = text.slice(leadOf(text).length)
      if (!own.trim()) continue
      if (!/^\s/.test(own) && !openingOf(text, true)) break
      last = n
    }
    return last
  }
  return [reach(-1), reach(1)]
}
