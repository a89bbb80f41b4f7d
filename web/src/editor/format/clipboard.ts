/**
 * Tells what kind of thing is on the clipboard.
 * Knows neither how it is read nor what becomes of it.
 */

/** Tags that say more than their words do. */
const MEANING =
  /<(?:h[1-6]|[uo]l|li|table|blockquote|pre|code|strong|b|em|i|del|s|strike|hr|img)\b|<a\s[^>]*href|font-(?:weight|style):/i
/** What code editors leave: their colours would be taken for emphasis. */
const FROM_CODE = ["vscode-editor-data", "application/vnd.code.copymetadata"]
/** A table of fewer rows is as likely a line with a tab in it. */
const FEWEST_ROWS = 2

/** Whether rich text has anything that Markdown can say and plain text cannot. */
export function isRich(html: string, types: readonly string[]): boolean {
  return MEANING.test(html) && !types.some(type => FROM_CODE.includes(type))
}

/** Whether plain text is cells of a table: rows of one length, with tabs between. */
export function isCells(text: string): boolean {
  let rows = cellsOf(text)
  let [first] = rows
  if (!first || rows.length < FEWEST_ROWS || first.length < 2) return false
  return rows.every(row => row.length === first.length) && rows.some(row => row[0])
}

/** Plain text as rows of cells. */
export function cellsOf(text: string): string[][] {
  let lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n")
  return lines.map(line => line.split("\t").map(cell => cell.trim()))
}
