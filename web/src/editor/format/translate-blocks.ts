/**
 * Blocks of Markdown put under one another, and into lists and quotes.
 * Knows no HTML.
 */

/** A block that is written already. */
export interface Block {
  readonly kind: "paragraph" | "heading" | "code" | "quote" | "list" | "item" | "table"
  readonly text: string
}

/** What is in an item of a list. */
export interface Flow {
  /** `[ ] ` or `[x] ` of a task. */
  readonly box: string
  readonly blocks: Block[]
}

/** Blocks as one text: an empty line between them, none between items. */
export function join(blocks: readonly Block[]): string {
  return blocks.reduce((text, block, i) => {
    let before = blocks[i - 1]
    let gap = !before ? "" : before.kind === "item" && block.kind === "item" ? "\n" : "\n\n"
    return text + gap + block.text
  }, "")
}

/** Lines with the mark of a quote. */
export function quoted(text: string): string {
  return text.replace(/^(?=.)/gm, "> ").replace(/^$/gm, ">")
}

/** A list; numbered from `start`, or with bullets when that is -1. */
export function listOf(items: readonly Flow[], start: number): Block {
  let filled = items.filter(({ blocks }) => blocks.length > 0)
  let lines = filled.map(({ box, blocks }, i) => {
    let sign = start < 0 ? "- " : `${start + i}. `
    return sign + box + nested(blocks).replace(/\n(?=.)/g, `\n${" ".repeat(sign.length)}`)
  })
  return { kind: "list", text: lines.join("\n") }
}

/** What is in an item: a list follows its words at once, other blocks after an empty line. */
function nested(blocks: readonly Block[]): string {
  return blocks.reduce((text, block, i) => {
    if (i === 0) return block.text
    return text + (block.kind === "list" ? "\n" : "\n\n") + block.text
  }, "")
}
