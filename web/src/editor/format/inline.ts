/**
 * Marks within a line, set and taken away: bold, italic, struck through, code.
 * Knows no keys; what is marked already it reads from the syntax tree.
 */
import { syntaxTree } from "@codemirror/language"
import { EditorSelection, type EditorState, type SelectionRange, type StateCommand } from "@codemirror/state"
import type { SyntaxNode } from "@lezer/common"
import { leadOf, openingOf, openingText, type Splice } from "./items"
import { canFormat, enclosing, linesOf, literalAt } from "./syntax"

/** A kind of mark. */
export interface Mark {
  /** What the tree calls a marked text. */
  readonly node: string
  readonly sign: string
}

export const MARKS = {
  bold: { node: "StrongEmphasis", sign: "**" },
  italic: { node: "Emphasis", sign: "*" },
  strike: { node: "Strikethrough", sign: "~~" },
  code: { node: "InlineCode", sign: "`" },
} satisfies Record<string, Mark>

/** What can end before a mark and begin again behind it. */
const SPLIT = [MARKS.bold.node, MARKS.italic.node, MARKS.strike.node]

/** A part of one line that can bear a mark. */
interface Piece {
  readonly from: number
  readonly to: number
}

/** Marks what is selected, or the word at the cursor; takes the marks away where everything has them already. */
export function toggleMark(mark: Mark): StateCommand {
  return ({ state, dispatch }) => {
    if (!canFormat(state)) return false
    let off = state.selection.ranges.every(range => isMarked(state, range, mark))
    let change = (range: SelectionRange) =>
      range.empty ? atCursor(state, range, mark, off) : overRange(state, range, mark, off)
    let result = state.changeByRange(change)
    // What is written after a step out of the marks is undone apart from what is in them.
    let userEvent = result.changes.empty ? "select" : "input.format"
    dispatch(state.update(result, { scrollIntoView: true, userEvent }))
    return true
  }
}

/** Whether all of a selection has a mark. */
export function isMarked(state: EditorState, range: SelectionRange, { node }: Mark): boolean {
  let pieces = range.empty ? [range] : piecesOf(state, range)
  return pieces.length > 0 && pieces.every(({ from, to }) => enclosing(state, from, to, node))
}

function atCursor(state: EditorState, range: SelectionRange, mark: Mark, off: boolean) {
  let { head } = range
  let span = off ? enclosing(state, head, head, mark.node) : null
  if (span) return outOf(state, range, span)
  let { sign } = mark
  if (isInEmpty(state, head, sign)) {
    let [from, to] = [head - sign.length, head + sign.length]
    return { changes: { from, to }, range: EditorSelection.cursor(from) }
  }
  if (literalAt(state, head)) return { range }
  let word = state.wordAt(head)
  if (!word || word.from === head || word.to === head) {
    return { changes: { from: head, insert: sign + sign }, range: EditorSelection.cursor(head + sign.length) }
  }
  return mapped(state, range, put(state, word, mark))
}

/** A cursor in marked text: at its end it only steps out, elsewhere the marks go. */
function outOf(state: EditorState, range: SelectionRange, span: SyntaxNode) {
  let { lastChild } = span
  if (lastChild?.from === range.head) return { range: EditorSelection.cursor(span.to) }
  return mapped(state, range, marksOf(state, span))
}

/** Between two signs with nothing in them, as this command has set them. */
function isInEmpty({ doc }: EditorState, pos: number, sign: string): boolean {
  let char = sign[0] ?? ""
  let count = (step: number) => {
    let n = 0
    for (let at = pos + Math.min(step, 0); doc.sliceString(at, at + 1) === char; at += step) n++
    return n
  }
  let [before, after] = [count(-1), count(1)]
  if (before !== after) return false
  return char === "*" ? before === sign.length || before === 3 : before === sign.length
}

/** The selection is then what bears the marks, without the space and signs around it. */
function overRange(state: EditorState, range: SelectionRange, mark: Mark, off: boolean) {
  let pieces = piecesOf(state, range)
  let [from, to] = [pieces[0]?.from ?? range.from, pieces.at(-1)?.to ?? range.to]
  let turned = range.anchor > range.head
  return mapped(
    state,
    turned ? EditorSelection.range(to, from) : EditorSelection.range(from, to),
    pieces.flatMap((piece, i) =>
      off
        ? take(state, piece, mark, { after: pieces[i - 1], before: pieces[i + 1] })
        : put(state, piece, mark),
    ),
  )
}

/** The range after changes around it: it keeps what it held, and does not take in the new marks. */
function mapped(state: EditorState, range: SelectionRange, specs: readonly Splice[]) {
  let changes = state.changes(specs)
  let from = changes.mapPos(range.from, 1)
  let to = Math.max(from, changes.mapPos(range.to, range.empty ? 1 : -1))
  let turned = range.anchor > range.head
  return { changes, range: turned ? EditorSelection.range(to, from) : EditorSelection.range(from, to) }
}

/** What of a selection can bear marks: the words of its lines, and of a table's cells. */
function piecesOf(state: EditorState, range: SelectionRange): Piece[] {
  return linesOf(state, [range]).flatMap(line => {
    let start = line.from + wordsAt(line.text)
    let whole = trimmed(state, Math.max(range.from, start), Math.min(range.to, line.to))
    if (!whole || literalAt(state, whole.from)) return []
    return enclosing(state, whole.from, whole.to, "Table") ? cells(state, whole) : [widened(state, whole)]
  })
}

/** Where a line's words begin, behind the marks of its block. */
function wordsAt(text: string): number {
  let opening = openingOf(text)
  let lead = opening ? openingText(opening) : leadOf(text)
  return lead.length + (/^\s*(?:#{1,6}\s+)?/.exec(text.slice(lead.length))?.[0].length ?? 0)
}

function trimmed({ doc }: EditorState, from: number, to: number): Piece | null {
  if (from >= to) return null
  let text = doc.sliceString(from, to)
  let start = text.length - text.trimStart().length
  let end = text.trimEnd().length
  return start < end ? { from: from + start, to: from + end } : null
}

function cells(state: EditorState, { from, to }: Piece): Piece[] {
  let pieces: Piece[] = []
  syntaxTree(state).iterate({
    from,
    to,
    enter(node) {
      if (node.name !== "TableCell") return
      let cell = trimmed(state, Math.max(node.from, from), Math.min(node.to, to))
      if (cell) pieces.push(widened(state, cell))
    },
  })
  return pieces
}

/** Inside of code no mark means anything: all of the code bears it. */
function widened(state: EditorState, piece: Piece): Piece {
  let code = enclosing(state, piece.from, piece.to, "InlineCode")
  return code ? { from: code.from, to: code.to } : piece
}

/** Marks a piece. What in it is marked already, or joins it, becomes one with it. */
function put(state: EditorState, piece: Piece, mark: Mark): Splice[] {
  let others = (node: SyntaxNode) =>
    node.name !== mark.node && !(node.from <= piece.from && piece.to <= node.to)
  let { from, to } = outward(state, piece, others)
  let specs: Splice[] = []
  let [begins, ends] = [true, true]
  for (let span of spansIn(state, from, to, mark.node)) {
    let [open, close] = marksOf(state, span)
    if (!open || !close) continue
    if (span.from < from) begins = false
    else specs.push(open)
    if (span.to > to) ends = false
    else specs.push(close)
  }
  let { sign, pad } = signsFor(state, from, to, mark)
  if (begins) specs.push(...parting(state, from, others, "", sign + pad))
  if (ends) specs.push(...parting(state, to, others, pad + sign, ""))
  return specs
}

/**
 * Signs set between words: `before` right behind those on the left of a place, `after` right before those on its right. Other
 * marked texts with words on both sides end there, and begin again.
 */
function parting(
  state: EditorState,
  pos: number,
  isParted: (node: SyntaxNode) => boolean,
  before: string,
  after: string,
): Splice[] {
  let [ends, begins] = [endBefore(state, pos), beginAfter(state, pos)]
  let signs = signsAcross(state, pos, isParted)
  let closing = { from: ends, to: ends, insert: signs.toReversed().join("") + before }
  let opening = { from: begins, to: begins, insert: after + signs.join("") }
  if (ends === begins) return [{ ...closing, insert: closing.insert + opening.insert }]
  return [closing, opening].filter(({ insert }) => insert)
}

/** Where the words before a place end, if need be in the line before. */
function endBefore({ doc }: EditorState, pos: number): number {
  let { from, text, number } = doc.lineAt(pos)
  let words = text.slice(wordsAt(text), pos - from).trimEnd()
  if (words || number === 1) return words ? from + wordsAt(text) + words.length : pos
  let before = doc.line(number - 1)
  return before.from + before.text.trimEnd().length
}

/** Where the words behind a place begin, if need be in the next line. */
function beginAfter({ doc }: EditorState, pos: number): number {
  let { from, to, text, number } = doc.lineAt(pos)
  let words = text.slice(pos - from).trimStart()
  if (words || number === doc.lines) return words ? to - words.length : pos
  let next = doc.line(number + 1)
  return next.from + wordsAt(next.text)
}

/** A piece with the signs around it of those marked texts that have no more words there. */
function outward(state: EditorState, { from, to }: Piece, isParted: (node: SyntaxNode) => boolean): Piece {
  let { doc } = state
  let tree = syntaxTree(state)
  for (let node: SyntaxNode | null = tree.resolveInner(from, 1); node; node = node.parent) {
    let isNear = node.from < from && !hasWords(doc.sliceString(node.from, from))
    if (SPLIT.includes(node.name) && isNear && isParted(node)) from = node.from
  }
  for (let node: SyntaxNode | null = tree.resolveInner(to, -1); node; node = node.parent) {
    let isNear = to < node.to && !hasWords(doc.sliceString(to, node.to))
    if (SPLIT.includes(node.name) && isNear && isParted(node)) to = node.to
  }
  return { from, to }
}

/** The signs of the marked texts around a place that have words on both sides of it, the outermost first. */
function signsAcross(state: EditorState, pos: number, isParted: (node: SyntaxNode) => boolean): string[] {
  let signs: string[] = []
  let { doc } = state
  for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(pos, -1); node; node = node.parent) {
    let { firstChild, lastChild } = node
    if (!SPLIT.includes(node.name) || !firstChild || !lastChild || !isParted(node)) continue
    let [left, right] = [doc.sliceString(firstChild.to, pos), doc.sliceString(pos, lastChild.from)]
    if (hasWords(left) && hasWords(right)) signs.unshift(doc.sliceString(firstChild.from, firstChild.to))
  }
  return signs
}

/** Code needs more ticks around it than there are in it. */
function signsFor({ doc }: EditorState, from: number, to: number, { sign }: Mark) {
  if (sign !== "`") return { sign, pad: "" }
  let text = doc.sliceString(from, to)
  let runs = text.match(/`+/g) ?? []
  let free = [1, 2, 3, 4, 5].find(length => !runs.some(run => run.length === length)) ?? 6
  return { sign: "`".repeat(free), pad: /^`|`$/.test(text) ? " " : "" }
}

/** The marked texts of one kind that overlap a piece or meet it. */
function spansIn(state: EditorState, from: number, to: number, name: string): SyntaxNode[] {
  let spans: SyntaxNode[] = []
  syntaxTree(state).iterate({
    from,
    to,
    enter: node => {
      if (node.name === name) spans.push(node.node)
    },
  })
  return spans
}

/** The changes that take the marks of a span away. */
function marksOf({ doc }: EditorState, { firstChild, lastChild }: SyntaxNode): Splice[] {
  if (!firstChild || !lastChild) return []
  let text = doc.sliceString(firstChild.to, lastChild.from)
  // A tick next to the marks of code stands apart by a space.
  let pad = firstChild.name === "CodeMark" && /^ `|` $/.test(text) ? 1 : 0
  return [
    { from: firstChild.from, to: firstChild.to + pad, insert: "" },
    { from: lastChild.from - pad, to: lastChild.to, insert: "" },
  ]
}

/**
 * Takes the marks from a piece of marked text; what lies beside it keeps them, unless that is one of the pieces `after` and
 * `before` which this one comes.
 */
function take(
  state: EditorState,
  piece: Piece,
  { node, sign }: Mark,
  beside: { after: Piece | undefined; before: Piece | undefined },
): Splice[] {
  let span = enclosing(state, piece.from, piece.to, node)
  let [open, close] = span ? marksOf(state, span) : []
  if (!span || !open || !close) return []
  let inside = (node: SyntaxNode) => span.from < node.from && node.to < span.to
  let { from, to } = outward(state, withMarks(state, piece, span), inside)
  let before = state.doc.sliceString(open.to, Math.max(from, open.to))
  let after = state.doc.sliceString(Math.min(to, close.from), close.from)
  let isFirst = !beside.after || beside.after.to < span.from
  let isLast = !beside.before || span.to < beside.before.from
  return [
    ...(!isFirst ? [] : hasWords(before) ? parting(state, from, inside, sign, "") : [open]),
    ...(!isLast ? [] : hasWords(after) ? parting(state, to, inside, "", sign) : [close]),
  ]
}

/** Whether there is more in a text than space and signs. */
function hasWords(text: string): boolean {
  return /[^\s*_~>]/.test(text)
}

/** A piece that is all of another marked text, with that one's marks. */
function withMarks(state: EditorState, { from, to }: Piece, span: SyntaxNode): Piece {
  for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(from, 1); node; node = node.parent) {
    let { firstChild, lastChild } = node
    if (node.from <= span.from && span.to <= node.to) break
    if (firstChild && lastChild && from <= firstChild.to && lastChild.from <= to)
      [from, to] = [Math.min(from, node.from), Math.max(to, node.to)]
  }
  return { from, to }
}
