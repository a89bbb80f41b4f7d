/**
 * Tables of Markdown as text: read from lines, written with columns that line up.
 * Knows no editor and no cursor.
 */

/** How a column is aligned; empty where the table does not say. */
export type Align = "" | "left" | "center" | "right"

/** A table: its first row is the head. */
export interface Table {
  readonly rows: readonly (readonly string[])[]
  readonly aligns: readonly Align[]
}

/** A cell in a line of text, as offsets: all between two bars, and its words. */
export interface Cell {
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
}

/** A column is at least as wide as the dashes under it. */
const NARROWEST = 3
const clusters = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const WIDE =
  /^[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u

/** The cells of a line. */
export function cellsIn(text: string): Cell[] {
  let bars: number[] = []
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++
    else if (text[i] === "|") bars.push(i)
  }
  let lead = /^(?:\s{0,3}>\s?)*\s*/.exec(text)?.[0].length ?? 0
  let end = text.trimEnd().length
  let edges = [...(bars[0] === lead ? [] : [lead - 1]), ...bars, ...(bars.at(-1) === end - 1 ? [] : [end])]
  return edges.slice(1).map((to, i) => trimmed(text, (edges[i] ?? -1) + 1, to))
}

function trimmed(text: string, from: number, to: number): Cell {
  let inner = text.slice(from, to)
  if (!inner.trim()) {
    let middle = Math.min(from + 1, to)
    return { from, to, start: middle, end: middle }
  }
  let start = from + inner.length - inner.trimStart().length
  return { from, to, start, end: from + inner.trimEnd().length }
}

/** Reads a table from its lines, of which the second tells how columns are aligned. */
export function readTable(lines: readonly string[]): Table {
  let texts = lines.map(line => cellsIn(line).map(cell => line.slice(cell.start, cell.end).trim()))
  let [head = [], dashes = [], ...rows] = texts
  let width = head.length
  // A row may have more cells than the head: nobody sees them, but they are somebody's words.
  let fit = (row: readonly string[]) =>
    Array.from({ length: Math.max(width, row.length) }, (_, i) => row[i] ?? "")
  return { rows: [head, ...rows.map(fit)], aligns: head.map((_, i) => alignOf(dashes[i] ?? "")) }
}

/** Writes a table's lines, its columns lined up. */
export function writeTable({ rows, aligns }: Table): string[] {
  let widths = aligns.map((_, i) => Math.max(NARROWEST, ...rows.map(row => widthOf(row[i] ?? ""))))
  let line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  let written = rows.map(row => line(row.map((cell, i) => padded(cell, widths[i] ?? 0, aligns[i] ?? ""))))
  let dashes = line(widths.map((width, i) => dashesOf(aligns[i] ?? "", width)))
  return [...written.slice(0, 1), dashes, ...written.slice(1)]
}

/** A table whose rows are as given, the first as its head. */
export function tableOf(rows: readonly (readonly string[])[], aligns: readonly Align[] = []): Table {
  let width = Math.max(0, ...rows.map(row => row.length))
  let fit = (row: readonly string[]) => Array.from({ length: width }, (_, i) => escaped(row[i] ?? ""))
  return { rows: rows.map(fit), aligns: Array.from({ length: width }, (_, i) => aligns[i] ?? "") }
}

/** What stands under a column's head. */
export function dashesOf(align: Align, width = NARROWEST): string {
  let [left, right] = [align === "left" || align === "center", align === "right" || align === "center"]
  return (left ? ":" : "") + "-".repeat(width - Number(left) - Number(right)) + (right ? ":" : "")
}

/** The columns a text takes in a font of fixed width. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e\xa0-\u02ff]*$/.test(text)) return text.length
  let width = 0
  for (let { segment } of clusters.segment(text)) width += WIDE.test(segment) || EMOJI.test(segment) ? 2 : 1
  return width
}

function escaped(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replace(/(?<!\\)\|/g, "\\|")
}

function padded(text: string, width: number, align: Align): string {
  let space = Math.max(0, width - widthOf(text))
  let before = align === "right" ? space : align === "center" ? space >> 1 : 0
  return " ".repeat(before) + text + " ".repeat(space - before)
}

function alignOf(dashes: string): Align {
  let [left, right] = [dashes.startsWith(":"), dashes.endsWith(":")]
  return left && right ? "center" : left ? "left" : right ? "right" : ""
}
