/**
 * The words of one line of Markdown, for where a line stands alone: titles, lists of headings.
 * Knows marks within a line and no syntax tree; what is not closed stays as it is.
 */

/** Stand for what is not looked into any more: code, and characters that are escaped. */
const FIRST = 0xe000
const MOST = 0x400
const ASIDE = /[\ue000-\ue3ff]/g

/** What has no marks in it: escapes, code, and what would be taken for one that is aside. */
const LITERAL = /\\([!-/:-@[-`{-~])|(?<!`)(`+)(?!`)(.*?[^`])\2(?!`)|[\ue000-\ue3ff]/g
/** An address may have parentheses in it. */
const ADDRESS = String.raw`\((?:[^()]|\([^()]*\))*\)`
const IMAGE = new RegExp(String.raw`!\[([^[\]]*)\]${ADDRESS}`, "g")
const LINK = new RegExp(String.raw`\[([^[\]]*)\]${ADDRESS}`, "g")
/** Taken off twice: one is often within another. */
const STARS = /(\*{1,3}|~~)(?=[^\s*~])([^*~]*[^\s*~])\1/g
const UNDERSCORES = /(^|[^\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*[^\s_])\2(?![\p{L}\p{N}_])/gu

/** A line's words without links, emphasis and code around them. */
export function unmarked(line: string): string {
  let aside: string[] = []
  let put = (whole: string, escaped?: string, _?: string, code?: string) => {
    if (aside.length === MOST) return whole
    aside.push(escaped ?? code?.trim() ?? whole)
    return String.fromCharCode(FIRST + aside.length - 1)
  }
  return line
    .replace(LITERAL, put)
    .replace(IMAGE, "$1")
    .replace(LINK, "$1")
    .replace(STARS, "$2")
    .replace(STARS, "$2")
    .replace(UNDERSCORES, "$1$3")
    .replace(ASIDE, at => aside[at.charCodeAt(0) - FIRST] ?? at)
}
