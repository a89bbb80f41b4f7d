/**
 * Turns what was copied elsewhere into Markdown: rich text by its tags, plain text in cells by its tabs.
 * Knows no editor. The rich text is parsed, never shown: nothing in it runs, and nothing of it is fetched.
 */
import { cellsOf, isCells } from "./clipboard"
import { tableOf, writeTable } from "./table-text"
import { type Block, type Flow, join, listOf, quoted } from "./translate-blocks"
import { phrase, type Run, runsOf, STYLE, styleOf } from "./translate-inline"

const SKIPPED = new Set([
  "SCRIPT",
  "STYLE",
  "TITLE",
  "META",
  "LINK",
  "TEMPLATE",
  "NOSCRIPT",
  "SVG",
  "MATH",
  "BUTTON",
])
const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TD TH THEAD TR UL".split(
    " ",
  ),
)

/** Markdown for what was on the clipboard; the plain text where the rich one says nothing. */
export function translated(html: string, text: string): string {
  let markdown = html && fromHtml(html)
  if (markdown) return markdown
  return isCells(text) ? writeTable(tableOf(cellsOf(text))).join("\n") : text
}

/** Markdown for a piece of HTML. */
export function fromHtml(html: string): string {
  let { body } = new DOMParser().parseFromString(inert(html), "text/html")
  return join(blocksOf(body)).replace(/\u00a0/g, " ")
}

/**
 * The page's policy lets no style, no base and no handler in, and complains of each: styles are read as text, under another
 * name, and handlers are not read.
 */
function inert(html: string): string {
  let tags = html.replace(/<style\b[\s\S]*?(?:<\/style\s*>|$)|<base\b[^>]*>?/gi, "")
  return tags.replace(/<[a-z][^>]*>/gi, tag =>
    tag.replace(/\sstyle(?=\s*=)/gi, ` ${STYLE}`).replace(/(["'\s/])on(?=[a-z]+\s*=)/gi, "$1off"),
  )
}

/** The blocks in an element. Words beside blocks are paragraphs of their own. */
function blocksOf(parent: Node): Block[] {
  let blocks: Block[] = []
  let runs: Run[] = []
  let flush = () => {
    let words = phrase(runs)
    if (words) blocks.push({ kind: "paragraph", text: words })
    runs = []
  }
  for (let node of parent.childNodes) {
    if (node instanceof Element && SKIPPED.has(node.nodeName)) continue
    if (!(node instanceof Element) || !holdsBlock(node)) {
      runs.push(...runsOf(node))
      continue
    }
    flush()
    blocks.push(...blockOf(node))
  }
  flush()
  return blocks
}

/** Whether an element is a block, or is only wrapped around some. */
function holdsBlock(element: Element): boolean {
  return BLOCKS.has(element.nodeName) || [...element.children].some(holdsBlock)
}

function blockOf(element: Element): Block[] {
  let name = element.nodeName
  if (/^H[1-6]$/.test(name)) return heading(element, Number(name[1]))
  if (name === "PRE") return [code(element)]
  if (name === "HR") return [{ kind: "paragraph", text: "---" }]
  if (name === "BLOCKQUOTE") return [{ kind: "quote", text: quoted(join(blocksOf(element))) }]
  if (name === "UL" || name === "OL") return [list(element)]
  if (name === "TABLE") return table(element)
  let item = wordItem(element)
  if (item) return [item]
  return blocksOf(element)
}

function heading(element: Element, level: number): Block[] {
  let text = phrase(runsOf(element).map(run => ({ ...run, bold: false }))).replace(/\s*\n\s*/g, " ")
  return text ? [{ kind: "heading", text: `${"#".repeat(level)} ${text}` }] : []
}

function code(element: Element): Block {
  let text = (element.textContent ?? "").replace(/\n$/, "")
  let classes = `${element.className} ${element.querySelector("code")?.className ?? ""}`
  let language = /\b(?:lang|language|highlight-source)-([\w+#-]+)/.exec(classes)?.[1] ?? ""
  let fence = "`".repeat(1 + Math.max(2, ...(text.match(/`{3,}/g) ?? []).map(run => run.length)))
  return { kind: "code", text: `${fence}${language}\n${text}\n${fence}` }
}

function list(element: Element): Block {
  let ordered = element.nodeName === "OL"
  let start = Number(element.getAttribute("start") ?? 1) || 1
  let items: Flow[] = []
  for (let child of element.children) {
    if (child.nodeName === "LI") items.push({ box: boxOf(child), blocks: blocksOf(child) })
    // Some programs put a nested list beside its item instead of into it.
    else if (child.nodeName === "UL" || child.nodeName === "OL") items.at(-1)?.blocks.push(list(child))
    else items.push({ box: "", blocks: blocksOf(child) })
  }
  return listOf(items, ordered ? start : -1)
}

function boxOf(item: Element): string {
  let box = item.querySelector(
    ":scope > input[type=checkbox], :scope > p > input[type=checkbox], :scope > label > input[type=checkbox]",
  )
  if (box) return box.hasAttribute("checked") ? "[x] " : "[ ] "
  let state = item.getAttribute("aria-checked")
  return state === "true" ? "[x] " : state === "false" ? "[ ] " : ""
}

/** Word writes its items as paragraphs with a class, the sign in front as text. */
function wordItem(element: Element): Block | null {
  if (!/^MsoListParagraph/.test(element.className)) return null
  let text = phrase(runsOf(element)).trim()
  let sign = /^(?:\\?[·•§o○▪-]|(\d+|[a-z])\\?[.)])\s+/i.exec(text)
  if (!sign) return null
  let level = Number(/level(\d)/.exec(element.getAttribute(STYLE) ?? "")?.[1] ?? 1)
  let words = text.slice(sign[0].length)
  return { kind: "item", text: `${"  ".repeat(level - 1)}${sign[1] ? "1. " : "- "}${words}` }
}

function table(element: Element): Block[] {
  let rows = [...element.querySelectorAll("tr")].filter(row => row.closest("table") === element)
  let cells = rows.map(row => [...row.children].filter(cell => /^T[DH]$/.test(cell.nodeName)))
  let widest = Math.max(0, ...cells.map(row => row.length))
  // A table of one column or row only holds other things in their places.
  if (widest < 2 || rows.length < 2 || element.querySelector("table, ul, ol, h1, h2, h3, pre")) {
    return cells.flat().flatMap(cell => blocksOf(cell))
  }
  let aligns = (cells[0] ?? []).map(cell => alignOf(cell))
  let text = writeTable(
    tableOf(
      cells.map(row => row.map(inOneLine)),
      aligns,
    ),
  ).join("\n")
  return [{ kind: "table", text }]
}

function inOneLine(cell: Element): string {
  let parts = blocksOf(cell).map(block => block.text)
  return parts
    .join(" ")
    .replace(/\\?\s*\n\s*/g, " ")
    .trim()
}

function alignOf(cell: Element) {
  let align = cell.getAttribute("align") ?? styleOf(cell, "text-align")
  return align === "center" || align === "right" ? align : ""
}
