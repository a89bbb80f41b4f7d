import { type Input, Parser, Tree, TreeFragment } from "@lezer/common"
import { GFM, parser } from "@lezer/markdown"
import { describe, expect, it } from "vitest"
import { longParagraphs } from "../src/editor/long-paragraphs"
import { inPieces } from "../src/editor/pieces"
import { chance, seeds } from "./seeds"

const blocks = parser.configure([GFM, longParagraphs])
/** Uses nothing again: where it does, Markdown's parser now and then takes over a block that an edit has changed. */
const forgetful = new (class extends Parser {
  createParse(input: Input, _: unknown, ranges: { from: number; to: number }[]) {
    return blocks.startParse(input, [], ranges)
  }
})()
/** What a text may be made of, and what may come into it. */
const PARTS = [
  "# A heading\n\n",
  "Words *that* go on\nfor two lines.\n\n",
  "Two\n---\n\n",
  "a line\n".repeat(70),
  "a *line*\n".repeat(210),
  "    as far in\n".repeat(20),
  `| a | b |\n|---|---|\n${"| c | d |\n".repeat(120)}`,
  "- one\n- two\n\n  more of two\n\n",
  "1. one\n2. two\n",
  "```js\nlet x = 1\n\nlet y\n```\n\n",
  "```",
  "~~~\n",
  "    indented code\n\n",
  "> quoted\n> more\n\n",
  "| a | b |\n|---|---|\n| c | d |\n\n",
  "<div>\nhtml\n\n</div>\n\n",
  "<!-- a comment\n\nthat goes on -->\n\n",
  "<!--",
  "[a]: https://example.org\n\n",
  "***\n",
  "\n",
  " \n\n",
  "   - ",
  "  ",
  "x",
  "=====\n",
]

function shown(tree: Tree): string {
  let lines: string[] = []
  tree.iterate({ enter: ({ name, from, to }) => void lines.push(`${name} ${from} ${to}`) })
  return lines.join("\n")
}

/** The items of the lists in a tree, which is the same object where it is used again. */
function itemsIn(tree: Tree): Tree[] {
  let within = tree.children.flatMap(child => (child instanceof Tree ? itemsIn(child) : []))
  return tree.type.name === "ListItem" ? [tree, ...within] : within
}

/** A text that is edited and parsed as an editor does. */
class Parsed {
  fragments: readonly TreeFragment[] = []
  tree!: Tree

  constructor(
    readonly language: Parser,
    public text: string,
  ) {}

  edit(from: number, to: number, insert: string) {
    this.text = this.text.slice(0, from) + insert + this.text.slice(to)
    let change = { fromA: from, toA: to, fromB: from, toB: from + insert.length }
    this.fragments = TreeFragment.applyChanges(this.fragments, [change], 8)
  }

  /** Parses to the end, or at least up to `upTo`. */
  parse(upTo?: number) {
    let parse = this.language.startParse(this.text, this.fragments)
    if (upTo !== undefined) parse.stopAt(upTo)
    let tree = parse.advance()
    while (!tree) tree = parse.advance()
    this.tree = tree
    this.fragments = TreeFragment.addTree(tree, this.fragments, upTo !== undefined)
  }
}

describe("a text parsed in pieces", () => {
  it("has the tree that it has without them", () => {
    let text = "# A\n\nSome words.\n\n".repeat(3_000)
    let tree = inPieces(blocks).parse(text)
    expect(shown(tree)).toBe(shown(blocks.parse(text)))
    expect(tree.children.length).toBeGreaterThan(3)
  })

  it("is parsed again only around an edit", () => {
    let ranges: { from: number; to: number }[] = []
    let watched = new (class extends Parser {
      createParse(input: Input, fragments: TreeFragment[], [range]: [{ from: number; to: number }]) {
        ranges.push(range)
        return blocks.startParse(input, fragments, [range])
      }
    })()
    let parsed = new Parsed(inPieces(watched), "# A\n\nSome words.\n\n".repeat(3_000))
    parsed.parse()
    let before = new Set(parsed.tree.children)
    ranges = []
    parsed.edit(20_000, 20_000, "x")
    parsed.parse()
    expect(parsed.tree.children.filter(piece => !before.has(piece))).toHaveLength(1)
    expect(ranges).toHaveLength(1)
    expect(ranges.every(({ from, to }) => from <= 20_000 && to > 20_000 && to - from < 40)).toBe(true)
    expect(shown(parsed.tree)).toBe(shown(blocks.parse(parsed.text)))
  })

  it("is parsed again only around an edit in a paragraph that does not end", () => {
    let parsed = new Parsed(inPieces(blocks), "Words that *people* write together.\n".repeat(3_000))
    parsed.parse()
    let before = new Set(parsed.tree.children)
    parsed.edit(50_000, 50_000, "x")
    parsed.parse()
    let anew = parsed.tree.children.filter(piece => !before.has(piece))
    expect(anew.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(10_000)
    expect(shown(parsed.tree)).toBe(shown(blocks.parse(parsed.text)))
  })

  it("has a paragraph cut after 100 lines, and nothing else", () => {
    let gfm = parser.configure(GFM)
    let lines = (count: number) => "some *words*\n".repeat(count)
    let table = `| a | b |\n|\u00a0---|:-:|\n${"| c | d |\n".repeat(150)}`
    for (let whole of [
      lines(100),
      `${lines(100)}\nmore\n`,
      table,
      table.replaceAll(/^/gm, "> "),
      `${lines(99)}===\n`,
    ])
      expect(shown(blocks.parse(whole))).toBe(shown(gfm.parse(whole)))
    let cut = blocks.parse(lines(250))
    expect(cut.topNode.getChildren("Paragraph").map(({ from, to }) => (to - from + 1) / 13)).toEqual([
      100, 100, 50,
    ])
  })

  it("is found not to be a table in no time", () => {
    let text = `words\n${"-".repeat(40_000)}x\n${"more\n".repeat(200)}`
    expect(blocks.parse(text).length).toBe(text.length)
  }, 1_000)

  it("is not parsed whole where it cannot be parted: what is in a long list is used again", () => {
    let parsed = new Parsed(inPieces(blocks), "- one of many\n".repeat(5_000))
    parsed.parse()
    let before = new Set(itemsIn(parsed.tree))
    expect(before.size).toBe(5_000)
    parsed.edit(35_002, 35_002, "x")
    parsed.parse()
    let kept = itemsIn(parsed.tree).filter(item => before.has(item))
    expect(kept.length).toBeGreaterThan(4_900)
    expect(shown(parsed.tree)).toBe(shown(blocks.parse(parsed.text)))
  })

  it("may have any number of blocks", () => {
    let text = "# A\n".repeat(140_000)
    expect(inPieces(blocks).parse(text).length).toBe(text.length)
  })

  it("takes over what it knows behind the place where it is stopped", () => {
    let parsed = new Parsed(inPieces(blocks), "# A\n\nSome words.\n\n".repeat(3_000))
    parsed.parse()
    parsed.edit(100, 100, "x")
    parsed.parse(3_000)
    expect(parsed.tree.length).toBe(parsed.text.length)
  })

  it("goes on from where it was stopped", () => {
    let parsed = new Parsed(inPieces(blocks), "# A\n\nSome words.\n\n".repeat(3_000))
    parsed.parse(30_000)
    let before = new Set(parsed.tree.children)
    parsed.parse()
    let kept = parsed.tree.children.filter(piece => before.has(piece))
    expect(kept.length).toBeGreaterThan(5)
    expect(shown(parsed.tree)).toBe(shown(blocks.parse(parsed.text)))
  })

  it.each(seeds(20))("has that after any edits (seed %i)", seed => {
    let below = chance(seed)
    let any = () => PARTS[below(PARTS.length)] ?? ""
    let text = Array.from({ length: 60 }, any).join("")
    let parsed = new Parsed(inPieces(forgetful, undefined, 40), text)
    parsed.parse()
    for (let round = 0; round < 60; round++) {
      for (let edits = below(3); edits >= 0; edits--) {
        let from = below(parsed.text.length + 1)
        let to = Math.min(parsed.text.length, from + (below(2) ? below(30) : 0))
        parsed.edit(from, to, below(3) ? any() : "")
      }
      if (!below(4)) parsed.parse(below(parsed.text.length + 1))
      if (!below(4)) continue
      parsed.parse()
      expect(shown(parsed.tree), JSON.stringify(parsed.text)).toBe(shown(blocks.parse(parsed.text)))
    }
  })
})
