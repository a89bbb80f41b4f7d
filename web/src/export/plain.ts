/**
 * Rendered text as plain text: without marks, with everything a person would read out.
 * Knows elements by name, and no Markdown.
 */
import { type Maker, type Markup, Reader } from "../preview/markup"

const BLOCKS = new Set("p h1 h2 h3 h4 h5 h6 blockquote pre table div section hr ul ol".split(" "))

/** The words of a piece of rendered text. */
export function plainText(markup: Markup): string {
  let maker = new PlainMaker()
  new Reader(markup).all(maker)
  return maker.text()
}

interface Level {
  readonly tag: string
  readonly href: string
  /** Of a list: what its next item is called. */
  next: number
  start: number
}

class PlainMaker implements Maker {
  private readonly lines: string[] = [""]
  private readonly levels: Level[] = []
  /** What is in front of each line now. */
  private prefix = ""
  private isVerbatim = false
  /** A quote or an item has begun, and what is first in it stands beside its mark. */
  private isFresh = false

  open(tag: string, attributes: ReadonlyMap<string, string>) {
    let level = {
      tag,
      href: attributes.get("href") ?? "",
      next: Number(attributes.get("start") ?? 1),
      start: this.prefix.length,
    }
    if (BLOCKS.has(tag)) this.block(tag)
    if (tag === "blockquote") this.indent("> ")
    else if (tag === "li") this.item()
    else if (tag === "tr") this.line()
    else if ((tag === "td" || tag === "th") && this.last.trim()) this.lines.push(`${this.lines.pop()}\t`)
    else if (tag === "br") this.line()
    else if (tag === "hr") this.write("* * *")
    else if (tag === "input") this.mark(attributes.has("checked") ? "[x] " : "[ ] ")
    else if (tag === "img") this.write(attributes.get("alt") ?? "")
    else if (tag === "pre") this.isVerbatim = true
    this.levels.push(level)
  }

  close() {
    let level = this.levels.pop()
    if (!level) return
    if (
      level.tag === "a" &&
      /^(?:https?|mailto):/.test(level.href) &&
      !this.last.includes(level.href.replace(/^mailto:/, ""))
    ) {
      this.write(` (${level.href})`)
    }
    if (level.tag === "pre") this.isVerbatim = false
    if (level.tag === "blockquote" || level.tag === "li") this.prefix = this.prefix.slice(0, level.start)
  }

  write(text: string) {
    // The formula as it was typed stands beside what is drawn of it.
    if (this.levels.some(({ tag }) => tag === "math") && this.levels.at(-1)?.tag !== "annotation") return
    this.isFresh = false
    let [first = "", ...rest] = this.isVerbatim ? text.split("\n") : [text]
    this.lines.push(`${this.lines.pop()}${first}`)
    for (let line of rest) this.lines.push(`${this.prefix}${line}`)
  }

  text(): string {
    let all = this.lines.map(line => line.trimEnd()).join("\n")
    return `${all.replace(/\n{3,}/g, "\n\n").trim()}\n`
  }

  private get last(): string {
    return (this.lines.at(-1) ?? "").slice(this.prefix.length)
  }

  /** A block begins on a line of its own, and below an empty one. */
  private block(tag: string) {
    if (this.isFresh) return
    let isInItem = this.levels.at(-1)?.tag === "li"
    if (isInItem && (tag === "ul" || tag === "ol")) return
    if (this.last.trim()) this.line()
    if (this.lines.length > 1) this.lines.splice(-1, 1, this.prefix.trimEnd(), this.prefix)
  }

  private item() {
    let list = this.levels.at(-1)
    let mark = list?.tag === "ol" ? `${list.next++}. ` : "- "
    if (this.last.trim()) this.line()
    this.mark(mark)
    this.prefix += " ".repeat(mark.length)
  }

  private indent(mark: string) {
    this.prefix += mark
    this.mark(mark)
  }

  private mark(mark: string) {
    this.lines.push(`${this.lines.pop()}${mark}`)
    this.isFresh = true
  }

  private line() {
    this.lines.push(this.prefix)
  }
}
