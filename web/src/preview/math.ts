/**
 * Formulas in TeX as MathML, which browsers draw by themselves, without fonts or styles of ours. Loaded when a text has one.
 * Knows Temml, and the elements that `markup.ts` lists; what else Temml says is left out.
 */
import temml from "temml"
import { messages } from "../messages/preview"
import type { Formula } from "./draw"
import type { Attributes, Pen } from "./markup"

/** Longer ones are shown as they are written: the time for one grows faster than its length. */
const MAX_TEX = 5_000
/** Macros that make macros end here. */
const MAX_EXPAND = 300
/** Elements within elements. */
const MAX_DEPTH = 100
/** Sizes in em that a formula may ask for. */
const MAX_SIZE: [number, number] = [20, 100]

/** Draws a formula, or says what is wrong with it. */
export const formula: Formula = (pen, tex, isBlock) => {
  if (tex.length > MAX_TEX) return messages.formulaTooLong(MAX_TEX)
  try {
    let options = { displayMode: isBlock, throwOnError: true, maxSize: MAX_SIZE, maxExpand: MAX_EXPAND }
    // A definition holds for one formula: nobody's changes another's.
    let tree: Node = temml.__renderToMathMLTree(tex, {
      ...options,
      strict: false,
      trust: false,
      annotate: true,
      macros: {},
    })
    // Before anything is drawn: half a formula is not left behind when the other half fails.
    if (depthOf(tree) > MAX_DEPTH) return messages.formulaTooDeep
    node(pen, tree)
    return null
  } catch (error) {
    return said(error)
  }
}

/** What is wrong, without the formula, which stands beside it. */
function said(error: unknown): string {
  let words = error instanceof Error ? error.message : String(error)
  return words.replace(/^ParseError: |,? at (?:position \d+|end of input).*$/gs, "").slice(0, 200)
}

/** What Temml's trees are made of: elements, and texts. */
interface Node {
  readonly type?: string
  readonly text?: string
  readonly attributes?: Record<string, string>
  readonly classes?: readonly string[]
  readonly style?: Record<string, string | number>
  readonly children?: readonly Node[]
}

function depthOf(tree: Node): number {
  let depth = 0
  for (let level: readonly Node[] = [tree]; level.length; depth++)
    level = level.flatMap(node => node.children ?? [])
  return depth
}

function node(pen: Pen, { type, text, attributes, classes, style, children }: Node) {
  if (text !== undefined) return pen.write(text)
  if (type)
    pen.open(type, {
      ...attributesOf(attributes),
      ...stylesOf(style),
      class: classes?.join(" ") || undefined,
    })
  for (let child of children ?? []) node(pen, child)
  if (type) pen.close()
}

/** Its own attributes, but none that lead anywhere. */
function attributesOf(attributes: Record<string, string> = {}): Attributes {
  let { href: _, src: __, id: ___, style: ____, ...others } = attributes
  return others
}

function stylesOf(style: Record<string, string | number> = {}): Attributes {
  let hyphenated = (name: string) => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  let all = Object.entries(style).map(([name, value]) => `${hyphenated(name)}:${value}`)
  return all.length ? { style: all.join(";") } : {}
}
