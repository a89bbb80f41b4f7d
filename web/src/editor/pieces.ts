/**
 * A parser for long Markdown: it parses in pieces, and after an edit only the piece that was edited.
 *
 * By itself the incremental parser takes over every block before an edit one by one, so that a key costs more the further
 * down it is struck: milliseconds in a megabyte. Here what is before and what is behind is taken over by the piece.
 *
 * A piece begins where the blocks before it are over whatever comes: behind a blank line that is in none of them, unless
 * the last is a list or indented code, which could go on, or where a paragraph is cut. So what is parsed from there on does
 * not depend on what is before.
 * Knows blocks, and nothing of what is in them.
 */
import {
  type Input,
  NodeProp,
  NodeType,
  Parser,
  type ParseWrapper,
  type PartialParse,
  Tree,
  TreeFragment,
} from "@lezer/common"
import { isCut } from "./long-paragraphs"

/** How long a piece is at least, in characters, where the text can be parted. */
const PIECE = 3_000
/**
 * From so many pieces' length on one that cannot be parted is parsed with what is known of it. Otherwise that is not worth
 * it: the parser takes over a block too many now and then, when an edit has changed what the next line belongs to.
 */
const LONG = 4
/** Blocks that may go on behind a blank line. */
const GOES_ON = new Set(["BulletList", "OrderedList", "CodeBlock"])

/** Marks a tree whose children are pieces. */
const inPiecesProp = new NodeProp<boolean>({ perNode: true })

/** Parses what `blocks` parses, in pieces; `wrap` parses what is inside of some blocks. */
export function inPieces(blocks: Parser, wrap: ParseWrapper = parse => parse, length = PIECE): Parser {
  return new PieceParser(blocks, wrap, length)
}

type Ranges = readonly { from: number; to: number }[]

class PieceParser extends Parser {
  private readonly top: NodeType

  constructor(
    private readonly blocks: Parser,
    private readonly wrap: ParseWrapper,
    private readonly length: number,
  ) {
    super()
    this.top = blocks.parse("").type
  }

  createParse(input: Input, fragments: readonly TreeFragment[], ranges: Ranges): PartialParse {
    let [{ from, to } = { from: 0, to: 0 }] = ranges
    // Inside of another language there are no pieces.
    let isAll = ranges.length === 1 && from === 0
    let parse = isAll
      ? new PieceParse(this.blocks, this.top, this.length, input, fragments, to)
      : this.blocks.startParse(input, fragments, ranges)
    return this.wrap(parse, input, fragments, ranges)
  }
}

/** A part of an earlier tree that is still in the text, or some of it is. */
interface Old {
  /** A piece, or what is left of one. */
  readonly tree: Tree
  /** Where it begins in the text as it is now. */
  readonly from: number
  /** Where the text is as it was, and this of it still there. */
  readonly kept: Range
  /** All of it is still there, and it ends where texts may be parted. */
  readonly isWhole: boolean
  /** It is a piece. */
  readonly isPiece: boolean
}

interface Range {
  readonly from: number
  readonly to: number
}

/** A block at the top of the text. */
interface Block {
  readonly tree: Tree
  readonly from: number
  readonly to: number
}

class PieceParse implements PartialParse {
  stoppedAt: number | null = null
  /** All before this is parsed, and what is behind it does not depend on that. */
  private at = 0
  private readonly pieces: Tree[] = []
  private readonly starts: number[] = []
  /** What is parsed and in no piece yet, and where that begins. */
  private run: Block[] = []
  private runFrom = 0
  private readonly old: readonly Old[]
  /** The first of them that does not begin before `at`. */
  private next = 0
  private current: PartialParse | null = null
  /** Where the current parse ends, and how many of the old that is away. */
  private currentTo = 0
  private reach = 1

  constructor(
    private readonly blocks: Parser,
    private readonly top: NodeType,
    private readonly length: number,
    private readonly input: Input,
    fragments: readonly TreeFragment[],
    private readonly end: number,
  ) {
    this.old = oldPieces(fragments, input, end, LONG * length)
  }

  get parsedPos(): number {
    return this.current?.parsedPos ?? this.at
  }

  stopAt(pos: number) {
    this.stoppedAt = pos
    this.current?.stopAt(pos)
  }

  advance(): Tree | null {
    if (this.current) {
      let parsed = this.current.advance()
      if (parsed) this.take(parsed)
      return null
    }
    if (!this.isOver()) {
      if (!this.takeOver()) this.begin()
      return null
    }
    this.part()
    return new Tree(this.top, this.pieces, this.starts, this.at, [[inPiecesProp, true]])
  }

  private isOver(): boolean {
    return this.at >= this.end || (this.stoppedAt !== null && this.at > this.stoppedAt)
  }

  /** Takes over what begins here, as far as it is what it was, also beyond where the parser is to stop: it costs nothing. */
  private takeOver(): boolean {
    let before = this.at
    while (this.at < this.end) {
      while ((this.old[this.next]?.from ?? this.end) < this.at) this.next++
      let old = this.old[this.next]
      if (!old?.isWhole || old.from !== this.at) break
      this.add(old)
    }
    return this.at > before
  }

  private add({ tree, from, isPiece }: Old) {
    // What would be a very short piece goes with the next.
    if (isPiece && (!this.run.length || this.at - this.runFrom >= this.length / 4)) {
      this.part()
      this.push(tree, from)
      this.runFrom = from + tree.length
    } else {
      collect(tree, from, this.run)
    }
    this.at = from + tree.length
  }

  private push(piece: Tree, from: number) {
    this.pieces.push(piece)
    this.starts.push(from)
  }

  /** Parses from here to where something old begins; to the end where nothing does. */
  private begin() {
    this.currentTo = this.reached()
    let [from, to] = [this.at, this.currentTo]
    let isLong = to - from > LONG * this.length
    let fragments = isLong ? this.old.flatMap(old => fragmentOf(old, from, to)) : []
    this.current = this.blocks.startParse(this.input, fragments, [{ from, to }])
    if (this.stoppedAt !== null) this.current.stopAt(this.stoppedAt)
  }

  /** Where the old begins that is so many away. */
  private reached(): number {
    let left = this.reach
    for (let i = this.next; i < this.old.length; i++) {
      let from = this.old[i]?.from ?? this.end
      if (from > this.at && from < this.end && --left === 0) return from
    }
    return this.end
  }

  private take(parsed: Tree) {
    let to = this.at + parsed.length
    let blocks = collect(parsed, this.at, [])
    this.current = null
    let isLast = to >= this.end || (this.stoppedAt !== null && to > this.stoppedAt)
    if (!isLast && !mayPart(this.input, blocks.at(-1), this.currentTo)) {
      // What was written has changed what comes next.
      this.reach *= 2
      return
    }
    this.reach = 1
    if (this.run.length) for (let block of blocks) this.run.push(block)
    else this.run = blocks
    this.at = isLast ? to : this.currentTo
  }

  /** Makes pieces of what is in none. */
  private part() {
    if (this.at === this.runFrom) return
    let first = 0
    for (let [i, next] of this.run.entries()) {
      let last = this.run[i - 1]
      let isEnough = next.from - this.runFrom >= this.length && this.at - next.from >= this.length / 4
      let start = last && isEnough && parting(this.input, last, next)
      if (!start) continue
      this.push(pieceOf(this.run.slice(first, i), this.runFrom, start), this.runFrom)
      this.runFrom = start
      first = i
    }
    this.push(pieceOf(this.run.slice(first), this.runFrom, this.at), this.runFrom)
    this.run = []
    this.runFrom = this.at
  }
}

/** Whether a line begins at `from`, behind this block, and does not depend on the block. */
function mayPart(input: Input, last: Block | undefined, from: number): boolean {
  if (!last || GOES_ON.has(last.tree.type.name)) return false
  if (last.tree.type.name === "Paragraph" && isCut(input, last, from)) return true
  return /\n[ \t]*\n$/.test(input.read(last.to, from))
}

/** Where the line begins that a block begins in; 0 where that is not behind `after`. */
function lineOf(input: Input, block: Block, after: number): number {
  let line = input.read(after, block.from).lastIndexOf("\n") + 1
  return line && after + line
}

/** Where the second of two blocks begins, with the white space before it; 0 where it depends on the first. */
function parting(input: Input, last: Block, next: Block): number {
  // A blank line takes two line breaks; only paragraphs are parted by one.
  if (next.from - last.to < 2 && last.tree.type.name !== "Paragraph") return 0
  let from = lineOf(input, next, last.to)
  return from && mayPart(input, last, from) ? from : 0
}

/** Adds the blocks of a tree that begins at `from` to others, whatever they are grouped in. */
function collect(tree: Tree, from: number, blocks: Block[]): Block[] {
  for (let [i, child] of tree.children.entries()) {
    let start = from + (tree.positions[i] ?? 0)
    // What is in a buffer is no block.
    if (!(child instanceof Tree)) continue
    if (child.type.isAnonymous) collect(child, start, blocks)
    else blocks.push({ tree: child, from: start, to: start + child.length })
  }
  return blocks
}

function pieceOf(blocks: readonly Block[], from: number, to: number): Tree {
  let trees = blocks.map(block => block.tree)
  let starts = blocks.map(block => block.from - from)
  return new Tree(NodeType.none, trees, starts, to - from).balance()
}

/** What is still in the text of earlier pieces, in its order and nothing twice. One from `long` on is not taken apart. */
function oldPieces(fragments: readonly TreeFragment[], input: Input, end: number, long: number): Old[] {
  let old: Old[] = []
  let reached = 0
  for (let { tree, from, to, offset, openEnd } of fragments) {
    if (!tree.prop(inPiecesProp)) continue
    let kept = { from: Math.max(from, reached), to }
    for (let i = pieceAt(tree, kept.from + offset); i < tree.children.length; i++) {
      let piece = tree.children[i]
      let start = (tree.positions[i] ?? 0) - offset
      if (start >= to) break
      if (!(piece instanceof Tree)) continue
      let stop = start + piece.length
      // The last piece of a tree ends where the text does, or where the parser was stopped.
      let isParted = i + 1 < tree.children.length || (!openEnd && stop === end)
      let isWhole = isParted && start >= kept.from && stop <= to
      if (isWhole || piece.length > long) old.push({ tree: piece, from: start, kept, isWhole, isPiece: true })
      else leftOf(piece, start, kept, input, isParted && stop <= to, old)
    }
    reached = Math.max(reached, to)
  }
  return old
}

/** The number of the piece that a place is in, or would be. */
function pieceAt({ positions }: Tree, pos: number): number {
  let [low, high] = [0, positions.length]
  while (low < high) {
    let middle = (low + high) >> 1
    if ((positions[middle] ?? 0) <= pos) low = middle + 1
    else high = middle
  }
  return Math.max(low - 1, 0)
}

/** Adds the parts that an edit has left of a piece, which begins at `start`; whether its end is among what is kept. */
function leftOf(piece: Tree, start: number, kept: Range, input: Input, hasEnd: boolean, old: Old[]) {
  let blocks = collect(piece, start, []).filter(({ from, to }) => from >= kept.from && to <= kept.to)
  let from = start >= kept.from ? start : (blocks[0] && lineOf(input, blocks[0], kept.from)) || start
  let first = 0
  let push = (last: number, to: number, isParted: boolean) => {
    let tree = pieceOf(blocks.slice(first, last), from, to)
    old.push({ tree, from, kept, isWhole: isParted && from >= kept.from, isPiece: false })
    from = to
    first = last
  }
  for (let [i, next] of blocks.entries()) {
    let last = blocks[i - 1]
    let parted = last && parting(input, last, next)
    if (parted) push(i, parted, true)
  }
  let to = Math.min(start + piece.length, kept.to)
  let last = blocks.at(-1)
  let blank = last && last.to + (/^\s*\n/.exec(input.read(last.to, to))?.[0].length ?? 0)
  if (hasEnd || !last || !blank || !mayPart(input, last, blank)) push(blocks.length, to, hasEnd)
  else push(blocks.length, blank, true)
}

/** What the parser of blocks may use again of something old, for a text from `start` to `end`. */
function fragmentOf({ tree, from, kept }: Old, start: number, end: number): TreeFragment[] {
  // Nothing before it matters, and the parser asks for the character before what it uses.
  let first = Math.max(kept.from, from - 1)
  let last = Math.min(kept.to, from + tree.length, end)
  return last <= start || first >= last ? [] : [new TreeFragment(first, last, tree, -from, true, true)]
}
