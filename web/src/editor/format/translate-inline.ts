/**
 * Words of HTML with what is said about them, as Markdown: emphasis, code, links, images.
 * Knows no blocks.
 */
import { destination, openable } from "./address"

/** Some words and how they look. */
export interface Run {
  readonly text: string
  readonly bold: boolean
  readonly italic: boolean
  readonly strike: boolean
  readonly code: boolean
  readonly href: string
  /** Is Markdown already: an image, a line break. */
  readonly raw: boolean
}

/** The attribute that styles have been put into. */
export const STYLE = "data-style"

type Look = Omit<Run, "text">

const PLAIN: Look = { bold: false, italic: false, strike: false, code: false, href: "", raw: false }
const LOOKS: Record<string, Partial<Look>> = {
  B: { bold: true },
  STRONG: { bold: true },
  I: { italic: true },
  EM: { italic: true },
  CITE: { italic: true },
  DEL: { strike: true },
  S: { strike: true },
  STRIKE: { strike: true },
  CODE: { code: true },
  KBD: { code: true },
  SAMP: { code: true },
  TT: { code: true },
}
const SKIPPED = /^(?:SCRIPT|STYLE|TEMPLATE|NOSCRIPT|BUTTON|INPUT|SVG|svg)$/

/** The words in a node. */
export function runsOf(node: Node, look: Look = PLAIN): Run[] {
  if (node.nodeType === Node.TEXT_NODE) return [{ ...look, text: node.nodeValue ?? "" }]
  if (!(node instanceof Element) || SKIPPED.test(node.nodeName)) return []
  if (node.nodeName === "BR") return [{ ...PLAIN, text: "\\\n", raw: true }]
  if (node.nodeName === "IMG") return image(node)
  let inner = lookOf(node, look)
  return [...node.childNodes].flatMap(child => runsOf(child, inner))
}

/** Runs as one text, white space as a browser would show it. */
export function phrase(runs: readonly Run[]): string {
  let text = written(merged(collapsed(runs)), ["href", "bold", "italic", "strike", "code"])
  let lines = text
    .replace(/[ \t]*\\\n[ \t]*/g, "\\\n")
    .replace(/(?:\\\n)+$/, "")
    .replace(/^(?:\\\n)+/, "")
  return escapeStart(lines.trim())
}

function lookOf(element: Element, look: Look): Look {
  let own = { ...look, ...LOOKS[element.nodeName] } as { -readonly [Name in keyof Look]: Look[Name] }
  let weight = styleOf(element, "font-weight")
  // Google's documents wrap everything in a <b> that is not bold.
  if (weight) own.bold = weight === "bold" || weight === "bolder" || Number(weight) >= 600
  let slant = styleOf(element, "font-style")
  if (slant) own.italic = slant === "italic"
  if (/line-through/.test(styleOf(element, "text-decoration"))) own.strike = true
  if (element.nodeName === "A") own.href = openable(element.getAttribute("href") ?? "") ?? ""
  return own
}

/** What an element says of how it looks. */
export function styleOf(element: Element, name: string): string {
  let style = element.getAttribute(STYLE) ?? ""
  return (
    new RegExp(`(?:^|;)\\s*${name}[\\w-]*\\s*:\\s*([^;]*)`, "i").exec(style)?.[1]?.trim().toLowerCase() ?? ""
  )
}

function image(element: Element): Run[] {
  let source = element.getAttribute("src") ?? ""
  let words = (element.getAttribute("alt") ?? "").replace(/[[\]\n]/g, " ").trim()
  if (/^https?:\/\//i.test(source))
    return [{ ...PLAIN, text: `![${words}](${destination(source)})`, raw: true }]
  return words ? [{ ...PLAIN, text: words }] : []
}

/** One space for all white space, none at the edges of a line. */
function collapsed(runs: readonly Run[]): Run[] {
  let ends = true
  return runs.map(run => {
    if (run.raw) {
      ends = run.text.endsWith("\n")
      return run
    }
    let text = run.text.replace(/[ \t\r\n\f]+/g, " ")
    if (ends) text = text.replace(/^ /, "")
    if (text) ends = text.endsWith(" ")
    return { ...run, text }
  })
}

function merged(runs: readonly Run[]): Run[] {
  let all: Run[] = []
  for (let run of runs) {
    let last = all.at(-1)
    if (last && sameLook(last, run)) all[all.length - 1] = { ...last, text: last.text + run.text }
    else if (run.text) all.push(run)
  }
  return all
}

function sameLook(a: Run, b: Run): boolean {
  if (a.raw || b.raw) return false
  return (
    a.bold === b.bold &&
    a.italic === b.italic &&
    a.strike === b.strike &&
    a.code === b.code &&
    a.href === b.href
  )
}

/** Writes runs, the marks of the first kind around as many of them as have it. */
function written(runs: readonly Run[], kinds: readonly (keyof Look)[]): string {
  let [kind, ...others] = kinds
  if (!kind) return runs.map(run => (run.raw || run.code ? run.text : escaped(run.text))).join("")
  let text = ""
  for (let i = 0; i < runs.length; ) {
    let value = runs[i]?.[kind]
    let end = i + 1
    while (end < runs.length && runs[end]?.[kind] === value) end++
    let inner = written(runs.slice(i, end), others)
    text += value ? wrapped(inner, kind, String(value)) : inner
    i = end
  }
  return text
}

/** Marks stand right at the words: the space at the edges goes outside. */
function wrapped(text: string, kind: keyof Look, value: string): string {
  let [, before = "", words = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? []
  if (!words) return text
  if (kind === "href") return `${before}[${words}](${destination(value)})${after}`
  if (kind === "code") return before + ticked(words) + after
  let sign = kind === "bold" ? "**" : kind === "italic" ? "*" : "~~"
  return before + sign + words + sign + after
}

function ticked(words: string): string {
  let fence = "`"
  while (words.includes(fence)) fence += "`"
  let pad = words.startsWith("`") || words.endsWith("`") ? " " : ""
  return fence + pad + words + pad + fence
}

/** Characters that Markdown would take for its own. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*]|~~|\[(?=[^\]]*\]\()|<(?=[a-z/!?])/gi, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
}

/** The same for what is only a mark where a line begins. */
function escapeStart(text: string): string {
  return text
    .replace(/^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|={3,}$|-{3,}$)/gm, "$1\\$2")
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/gm, "$1\\$2")
}
