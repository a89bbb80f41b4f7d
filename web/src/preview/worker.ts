/**
 * Reads and draws a text beside the page, so that the page never waits: it is told of edits, and answers with what is new.
 * Knows the whole text, and no element. Answers come in the order of the questions, one for each.
 */

import { type Block, blocksOf, parse } from "./blocks"
import { dialect } from "./dialect"
import { kept } from "./difference"
import type { Formula } from "./draw"
import { splice } from "./splice"

/** A new text, or edits of the last one: from, to and inserted length for each, in units of the old text. */
export interface Question {
  readonly text?: string
  readonly ranges?: Uint32Array
  readonly inserted?: string
}

/** What a text looks like, as a difference to the answer before. */
export interface Answer {
  /** For each block the place it had in the answer before, or -1 for a new one. */
  readonly kept: Int32Array
  /** For each block its first line and the one after its last. */
  readonly lines: Uint32Array
  /** The new blocks in order: how many numbers and how many characters each of them has. */
  readonly sizes: Uint32Array
  readonly ops: Uint32Array
  readonly text: string
  /** How long this took, in milliseconds. */
  readonly took: number
}

let md = dialect()
let text = ""
let shown: number[] = []
let formula: Formula = () => ""

/** One after the other: a text with formulas waits for what draws them. */
let turn = Promise.resolve()

self.addEventListener("message", ({ data }: MessageEvent<Question>) => {
  turn = turn.then(() => answer(data)).catch(error => reportError(error))
})

async function answer({ text: whole, ranges, inserted }: Question) {
  let began = performance.now()
  if (whole !== undefined) shown = []
  text = whole ?? splice(text, ranges ?? new Uint32Array(), inserted ?? "")
  let parsed = parse(md, text)
  if (parsed.hasMath) ({ formula } = await import("./math"))
  let blocks = blocksOf(parsed, formula)
  let hashes = blocks.map(({ hash }) => hash)
  let from = kept(shown, hashes)
  shown = hashes
  let fresh = blocks.filter((_, at) => (from[at] ?? -1) < 0)
  let message: Answer = {
    kept: from,
    ...packed(fresh),
    lines: linesOf(blocks),
    took: performance.now() - began,
  }
  let { kept: places, lines, sizes, ops } = message
  postMessage(message, { transfer: [places, lines, sizes, ops].map(({ buffer }) => buffer as ArrayBuffer) })
}

function linesOf(blocks: readonly Block[]): Uint32Array {
  return Uint32Array.from(blocks.flatMap(({ line, end }) => [line, end]))
}

/** Blocks in one piece. */
function packed(blocks: readonly Block[]): Pick<Answer, "sizes" | "ops" | "text"> {
  let total = blocks.reduce((sum, { ops }) => sum + ops.length, 0)
  let ops = new Uint32Array(total)
  let at = 0
  for (let block of blocks) {
    ops.set(block.ops, at)
    at += block.ops.length
  }
  let sizes = Uint32Array.from(blocks.flatMap(({ ops, text }) => [ops.length, text.length]))
  return { sizes, ops, text: blocks.map(({ text }) => text).join("") }
}
