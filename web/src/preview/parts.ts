/**
 * What Markdown's tokens do not say by themselves: ids of headings, tasks, and GitHub's remarks in quotes.
 * Knows single tokens, and not what is drawn of them.
 */
import type { Token } from "markdown-it"

/** Ids of headings as GitHub makes them, each once. */
export class Slugs {
  private readonly taken = new Map<string, number>()

  of(heading: string): string {
    let slug = heading
      .toLowerCase()
      .trim()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replace(/ /g, "-")
    let base = slug.slice(0, MAX_ID) || "section"
    let times = this.taken.get(base) ?? 0
    this.taken.set(base, times + 1)
    return times ? `${base}-${times}` : base
  }
}

const MAX_ID = 100

/** The words of a token, without any markup. */
export function plainText(token: Token | undefined): string {
  if (!token?.children) return token?.content ?? ""
  return token.children.map(textOf).join("")
}

function textOf(token: Token): string {
  if (token.type === "softbreak" || token.type === "hardbreak") return " "
  if (token.type === "image") return plainText(token)
  let isText = token.type === "text" || token.type === "code_inline" || token.type === "math"
  return isText ? token.content : ""
}

/** A box that can be ticked. */
export interface Task {
  readonly isDone: boolean
  /** What is to be done. */
  readonly label: string
  /** Where the character in the box stands in the text: its line and its place there, from 0. */
  readonly line: number
  readonly column: number
}

const BOX = /^\[([ xX])\][ \t\u00a0]/
const MAX_LABEL = 200

/** The task an item begins with; takes its box off the item's words. */
export function taskOf(inline: Token, lines: readonly string[]): Task | null {
  let first = inline.children?.[0]
  let [box = "", mark] = first?.type === "text" ? (BOX.exec(first.content) ?? []) : []
  if (!first || !mark || !inline.map) return null
  let [line] = inline.map
  let [words = ""] = inline.content.split("\n", 1)
  let column = (lines[line] ?? "").lastIndexOf(words) + 1
  first.content = first.content.slice(box.length)
  return { isDone: mark !== " ", label: plainText(inline).slice(0, MAX_LABEL), line, column }
}

const ALERTS = ["note", "tip", "important", "warning", "caution"]

/** The kind of remark that a quote is by its first line, which is taken off. */
export function alertOf(inline: Token | undefined): string | null {
  let children = inline?.children
  let kind = /^\[!(\w+)\]$/.exec(children?.[0]?.content ?? "")?.[1]?.toLowerCase() ?? ""
  let isAlone = !children?.[1] || children[1].type === "softbreak"
  if (!children || !isAlone || !ALERTS.includes(kind)) return null
  children.splice(0, 2)
  return kind
}
