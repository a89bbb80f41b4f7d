/**
 * A text as the blocks it is shown as: each with the lines it comes from, what is drawn of it, and a number that is the same
 * as long as that is. Knows Markdown's tokens, and neither a page nor a worker.
 */
import type { MarkdownIt, Token } from "markdown-it"
import { frontMatter } from "./dialect"
import { draw, type Formula, type Scene } from "./draw"
import { type Markup, Pen } from "./markup"
import { Slugs } from "./parts"

/** A block of rendered text. */
export interface Block extends Markup {
  /** The line it begins on, and the one after its last, from 0. */
  readonly line: number
  readonly end: number
  /** The same for the same drawing. */
  readonly hash: number
}

/** What a reading of a text has found, before anything is drawn. */
export interface Parsed {
  readonly tokens: readonly Token[]
  readonly lines: readonly string[]
  /** Lines at the start that are left out. */
  readonly skipped: number
  /** Whether something in it is a formula. */
  readonly hasMath: boolean
}

/** Reads a text. */
export function parse(md: MarkdownIt, text: string): Parsed {
  let lines = text.split("\n")
  let skipped = frontMatter(lines)
  // Empty lines in their place, so that every other line keeps its number.
  let body = skipped ? "\n".repeat(skipped) + lines.slice(skipped).join("\n") : text
  let tokens = md.parse(body, {})
  let isMath = ({ type, info }: Token) =>
    type.startsWith("math") || (type === "fence" && info.trim() === "math")
  let hasMath = tokens.some(token => isMath(token) || token.children?.some(isMath))
  return { tokens, lines, skipped, hasMath }
}

/** Draws each block of a text that was read. */
export function blocksOf({ tokens, lines }: Parsed, formula: Formula): Block[] {
  let pen = new Pen()
  let scene: Scene = { pen, lines, formula, line: 0, slugs: new Slugs(), isNote: false }
  let blocks: Block[] = []
  for (let [start, end] of topLevel(tokens)) {
    let first = tokens[start]
    // Footnotes stand where nobody has written them.
    scene.isNote = first?.type === "footnote_block_open"
    let [line, last] = scene.isNote ? [lines.length, lines.length] : (first?.map ?? [scene.line, scene.line])
    scene.line = line
    draw(scene, tokens, start, end)
    let markup = pen.take()
    if (markup.ops.length) blocks.push({ ...markup, line, end: last, hash: hashOf(markup) })
  }
  return blocks
}

/** The ranges of tokens that are not inside of others. */
function* topLevel(tokens: readonly Token[]): Generator<[start: number, end: number]> {
  let depth = 0
  let start = 0
  for (let [at, { nesting }] of tokens.entries()) {
    depth += nesting
    if (depth > 0) continue
    yield [start, at + 1]
    start = at + 1
  }
}

/** 53 bits of what is drawn (cyrb53's mixing): equal by accident once in a long life. */
function hashOf({ ops, text }: Markup): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  let mix = (value: number) => {
    a = Math.imul(a ^ value, 2_654_435_761)
    b = Math.imul(b ^ value, 1_597_334_677)
  }
  for (let at = 0; at < ops.length; at++) mix(ops[at] ?? 0)
  for (let at = 0; at < text.length; at++) mix(text.charCodeAt(at))
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0)
}
