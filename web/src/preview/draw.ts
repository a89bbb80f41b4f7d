/**
 * Draws Markdown's tokens: which element each of them is.
 * Knows no page: addresses are written as they are, and whoever builds from this decides about them.
 */
import type { Token } from "markdown-it"
import type { Attributes, Pen } from "./markup"
import { alertOf, plainText, type Slugs, taskOf } from "./parts"

/** Draws a formula; false if it is none that can be read. */
export type Formula = (pen: Pen, tex: string, isBlock: boolean) => string | null

/** What drawing needs to know of the text around a token. */
export interface Scene {
  readonly pen: Pen
  readonly lines: readonly string[]
  readonly formula: Formula
  readonly slugs: Slugs
  /** The line its block begins on: lines inside are counted from there. */
  line: number
  /** Footnotes are shown far from where they are written. */
  isNote: boolean
}

/** Draws the tokens of a range. */
export function draw(scene: Scene, tokens: readonly Token[], start = 0, end = tokens.length) {
  for (let at = start; at < end; at++) {
    let token = tokens[at]
    if (!token || token.hidden) continue
    if (token.type === "inline") draw(scene, token.children ?? [])
    else if (token.nesting < 0) scene.pen.close()
    else if (token.nesting > 0) open(scene, tokens, at, token)
    else leaf(scene, token)
    if (token.type === "table_close") scene.pen.close()
    if (token.type === "footnote_block_close") scene.pen.close()
  }
}

/** Elements that hold others. */
function open(scene: Scene, tokens: readonly Token[], at: number, token: Token) {
  let { pen } = scene
  let line = lineIn(scene, token)
  switch (token.type) {
    case "heading_open":
      return pen.open(token.tag, { id: scene.slugs.of(plainText(tokens[at + 1])), line, dir: "auto" })
    case "link_open":
      return link(pen, token)
    case "ordered_list_open":
      return pen.open("ol", { start: attribute(token, "start"), dir: "auto" })
    case "list_item_open":
      return item(scene, tokens, at, line)
    case "blockquote_open":
      return quote(scene, tokens, at, line)
    case "table_open":
      pen.open("div", { class: "wide" })
      return pen.open("table", { line })
    case "th_open":
    case "td_open":
      return pen.open(token.tag, { class: alignment(token), dir: "auto" })
    case "footnote_block_open":
      pen.open("section", { class: "footnotes" })
      return pen.open("ol")
    case "footnote_open":
      return pen.open("li", { id: `fn-${number(token)}` })
    default:
      return pen.open(token.tag || "div", { line, ...(isBlockOfWords(token) && { dir: "auto" }) })
  }
}

function isBlockOfWords({ type }: Token): boolean {
  return type === "paragraph_open" || type === "bullet_list_open"
}

/** A link; one whose words are its address need not say it twice on paper. */
function link(pen: Pen, token: Token) {
  let isBare = token.markup === "linkify" || token.markup === "autolink"
  let [href, title] = [attribute(token, "href"), attribute(token, "title")]
  pen.open("a", { href, title, class: isBare ? "bare" : undefined })
}

/** An item of a list, which may be a task. */
function item(scene: Scene, tokens: readonly Token[], at: number, line: number | undefined) {
  let { pen } = scene
  let inline = tokens[at + 2]
  let task = tokens[at + 1]?.type === "paragraph_open" && inline ? taskOf(inline, scene.lines) : null
  pen.open("li", { line, ...(task && { class: task.isDone ? "task done" : "task" }) })
  if (!task) return
  let place = `${task.line - scene.line}:${task.column}`
  let { label } = task
  pen.open("input", { task: place, label, ...(task.isDone && { checked: "" }) })
  pen.close()
}

/** A quote, or one of GitHub's remarks in the form of one. */
function quote(scene: Scene, tokens: readonly Token[], at: number, line: number | undefined) {
  let { pen } = scene
  let alert = tokens[at + 1]?.type === "paragraph_open" ? alertOf(tokens[at + 2]) : null
  pen.open("blockquote", { line, dir: "auto", ...(alert && { class: `alert ${alert}` }) })
  if (alert) pen.whole("p", alert[0]?.toUpperCase() + alert.slice(1), { class: "alert-title" })
}

/** Elements that hold nothing but text. */
function leaf(scene: Scene, token: Token) {
  let { pen } = scene
  switch (token.type) {
    case "text":
      return pen.write(token.content)
    case "softbreak":
    case "hardbreak":
      pen.open("br")
      return pen.close()
    case "hr":
      pen.open("hr", { line: lineIn(scene, token) })
      return pen.close()
    case "code_inline":
      return pen.whole("code", token.content)
    case "fence":
    case "code_block":
      return code(scene, token)
    case "image":
      return image(pen, token)
    case "math":
    case "math_block":
      return formula(scene, token)
    case "footnote_ref":
      return reference(pen, token)
    case "footnote_anchor":
      pen.write(" ")
      return pen.whole("a", "↩\uFE0E", { href: `#${referenceId(token)}`, class: "back" })
    default:
      return pen.write(token.content)
  }
}

function code(scene: Scene, token: Token) {
  let { pen } = scene
  let language = /^[\w+#.-]+/.exec(token.info.trim())?.[0].toLowerCase()
  if (language === "math") return formula(scene, token)
  let isDiagram = language === "mermaid"
  let text = token.content.replace(/\n$/, "")
  pen.open("div", { class: isDiagram ? "diagram" : "code", line: lineIn(scene, token), lang: language })
  pen.open("pre")
  pen.whole("code", text)
  pen.close()
  pen.close()
}

function image(pen: Pen, token: Token) {
  let alt = plainText(token)
  pen.open("img", { src: attribute(token, "src"), alt, title: attribute(token, "title") })
  pen.close()
}

function formula(scene: Scene, token: Token) {
  let { pen } = scene
  let isBlock = token.type !== "math"
  let isDisplay = isBlock || token.markup === "$$"
  let line = isBlock ? lineIn(scene, token) : undefined
  pen.open(isBlock ? "div" : "span", { class: isDisplay ? "formula display" : "formula", line })
  let trouble = scene.formula(pen, token.content, isDisplay)
  if (trouble !== null) {
    pen.whole("code", token.content, { class: "wrong" })
    pen.whole("span", trouble, { class: "why" })
  }
  pen.close()
}

function reference(pen: Pen, token: Token) {
  pen.open("sup")
  pen.whole("a", number(token), { href: `#fn-${number(token)}`, id: referenceId(token), class: "note" })
  pen.close()
}

function number(token: Token): string {
  return String(Number(token.meta?.id) + 1)
}

function referenceId(token: Token): string {
  let again = Number(token.meta?.subId ?? 0)
  return `fnref-${number(token)}${again ? `-${again + 1}` : ""}`
}

function attribute(token: Token, name: string): string | undefined {
  return token.attrGet(name)?.toString() || undefined
}

/** The line of a token inside its block, where that is of use. */
function lineIn({ line, isNote }: Scene, token: Token): number | undefined {
  return token.map && !isNote ? token.map[0] - line : undefined
}

function alignment(token: Token): Attributes["class"] {
  return /text-align:(center|right)/.exec(attribute(token, "style") ?? "")?.[1]
}
