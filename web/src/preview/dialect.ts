/**
 * The Markdown that the preview understands: GitHub's, with footnotes and formulas, and line breaks that are kept.
 * Knows how text is read, not how it is shown. Raw HTML stays text, but for `<br>` and comments.
 */
import markdownIt, { type MarkdownIt, type StateBlock, type StateInline } from "markdown-it"
import footnotes from "markdown-it-footnote"

/** How deep quotes and lists go; what is deeper is text. */
const MAX_NESTING = 40
/** Characters of a formula or a comment within a line, and lines of one with lines of its own: each is looked for anew. */
const MAX_INLINE = 2_000
const MAX_LINES = 200

/** A reader of the dialect. */
export function dialect(): MarkdownIt {
  let md = markdownIt({ html: false, linkify: true, breaks: true, typographer: false })
  md.set({ maxNesting: MAX_NESTING })
  // As GitHub does: an address has a scheme, or begins with www.
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: true })
  md.linkify.add("www.", {
    validate: (text, pos) =>
      /^[\w-]+(?:\.[\w-]+)+(?:[/?#][^\s<>]*[^\s<>.,:;!?"')\]])?/.exec(text.slice(pos, pos + 2_000))?.[0]
        .length ?? 0,
    normalize: match => {
      match.url = `https://${match.url}`
    },
  })
  md.use(footnotes)
  md.inline.ruler.before("escape", "math", mathInline)
  md.inline.ruler.before("text", "markup", markupInline)
  md.block.ruler.before("fence", "math", mathBlock, { alt: ["paragraph", "reference", "blockquote", "list"] })
  md.block.ruler.before("paragraph", "comment", comment)
  return md
}

/** `$…$` as pandoc reads it, so that prices stay prices; `$$…$$` in a line; `\(…\)` stays text. */
function mathInline(state: StateInline, silent: boolean): boolean {
  let { src, pos, posMax } = state
  if (src[pos] !== "$") return false
  let mark = src.startsWith("$$", pos) ? "$$" : "$"
  let start = pos + mark.length
  if (mark === "$" && /\s/.test(src[start] ?? " ")) return false
  let end = closing(src, mark, start, Math.min(posMax, start + MAX_INLINE))
  if (end < 0) return false
  if (!silent) {
    let token = state.push("math", "math", 0)
    token.content = src.slice(start, end)
    token.markup = mark
  }
  state.pos = end + mark.length
  return true
}

/** Where a formula ends that starts at `from`, or -1. */
function closing(src: string, mark: string, from: number, max: number): number {
  for (let at = src.indexOf(mark, from); at >= 0 && at + mark.length <= max; at = src.indexOf(mark, at + 1)) {
    if (at === from || isEscaped(src, at)) continue
    if (mark === "$$") return at
    if (!/\s/.test(src[at - 1] ?? "") && !/\d/.test(src[at + 1] ?? "")) return at
  }
  return -1
}

function isEscaped(src: string, at: number): boolean {
  let slashes = 0
  while (src[at - 1 - slashes] === "\\") slashes++
  return slashes % 2 === 1
}

/** `$$` on a line of its own, or at both ends of one line. */
function mathBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  let first = lineOf(state, startLine)
  if (!first.startsWith("$$") || (state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false
  let rest = first.slice(2).trimEnd()
  let line = startLine
  let content: string[] = []
  if (rest.length > 2 && rest.endsWith("$$")) content.push(rest.slice(0, -2))
  else if (rest.includes("$$")) return false
  else {
    content.push(rest)
    for (line++; ; line++) {
      let isOver = line >= endLine || line > startLine + MAX_LINES
      if (isOver || (state.sCount[line] ?? 0) < state.blkIndent) return false
      let text = lineOf(state, line).trimEnd()
      if (text.endsWith("$$")) {
        content.push(text.slice(0, -2))
        break
      }
      content.push(text)
    }
  }
  if (silent) return true
  let token = state.push("math_block", "math", 0)
  token.block = true
  token.content = content.join("\n").trim()
  token.map = [startLine, line + 1]
  state.line = line + 1
  return true
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
}

const BREAK = /^<br\s*\/?>/i

/** `<br>`, without which no cell of a table could have two lines; and comments, which nobody wants to read. */
function markupInline(state: StateInline, silent: boolean): boolean {
  let { src, pos } = state
  if (src[pos] !== "<") return false
  let [found] = BREAK.exec(src.slice(pos, pos + 12)) ?? []
  if (found) {
    if (!silent) state.push("hardbreak", "br", 0)
    state.pos += found.length
    return true
  }
  let length = src.startsWith("<!--", pos) ? src.slice(pos, pos + MAX_INLINE).indexOf("-->", 4) : -1
  if (length < 0 || pos + length + 3 > state.posMax) return false
  state.pos += length + 3
  return true
}

/** A comment that has lines of its own. */
function comment(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (!lineOf(state, startLine).startsWith("<!--")) return false
  for (let line = startLine; line < Math.min(endLine, startLine + MAX_LINES); line++) {
    let text = lineOf(state, line)
    if (!text.includes("-->")) continue
    if (!text.trimEnd().endsWith("-->")) return false
    if (!silent) state.line = line + 1
    return true
  }
  return false
}

/** How many lines at the start are about the document and not part of it: YAML or TOML between marks. */
export function frontMatter(lines: readonly string[]): number {
  let mark = lines[0]?.trimEnd()
  if (mark !== "---" && mark !== "+++") return 0
  let inside = lines.slice(1, MAX_FRONT_LINES)
  let end = inside.findIndex(line => line.trimEnd() === mark)
  // Otherwise these are two rules with words between them.
  let isAbout = inside.slice(0, end).some(line => /^["\w-]+\s*[:=]/.test(line))
  return end > 0 && isAbout ? end + 2 : 0
}

const MAX_FRONT_LINES = 200
