/**
 * The words of one line of Markdown, for where a line stands alone: titles, lists of headings.
 * Knows marks within a line and no syntax tree; what is not closed stays as it is.
 */

/** Where escaped characters wait, so that none of them is taken for a mark. */
const ASIDE = 0xe000

/** A line's words without links, emphasis and code around them. */
export function unmarked(line: string): string {
  return line
    .replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => String.fromCharCode(ASIDE + mark.charCodeAt(0)))
    .replace(/(`+)([^`]+)\1/g, (_, __, code: string) => code.trim())
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, "$1")
    .replace(/(\*{1,3}|~~)(?=[^\s*~])([^*~]*[^\s*~])\1/g, "$2")
    .replace(/(\*{1,3}|~~)(?=[^\s*~])([^*~]*[^\s*~])\1/g, "$2")
    .replace(/(^|[^\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*[^\s_])\2(?![\p{L}\p{N}_])/gu, "$1$3")
    .replace(/[\ue021-\ue07e]/g, aside => String.fromCharCode(aside.charCodeAt(0) - ASIDE))
}
