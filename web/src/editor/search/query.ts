/**
 * What is looked for, and the pattern it comes to.
 * Knows no text and no view; values in, values out.
 */

/** What somebody looks for. */
export interface Query {
  readonly text: string
  readonly caseSensitive: boolean
  /** Only where it is no part of a longer word. */
  readonly word: boolean
  /** `text` is a regular expression. */
  readonly regexp: boolean
}

/** A pattern in a form that can be sent to a worker. */
export interface Pattern {
  readonly source: string
  readonly flags: string
}

/** What words are made of. */
const LETTER = "[\\p{L}\\p{M}\\p{N}_]"

/** The pattern of a query; throws a `SyntaxError` where its regular expression is none. */
export function patternOf({ text, caseSensitive, word, regexp }: Query): Pattern {
  let flags = caseSensitive ? "gmu" : "gimu"
  // As it was typed first: the browser's complaint is about that.
  if (regexp) new RegExp(text, flags)
  let source = regexp ? text : spellings(text).map(escaped).join("|")
  return { source: word ? `(?<!${LETTER})(?:${source})(?!${LETTER})` : source, flags }
}

/** What the browser has against a regular expression, without repeating it. */
export function complaint(error: unknown): string {
  let words = error instanceof Error ? error.message : String(error)
  return words.slice(words.lastIndexOf(": ") + 1).trim()
}

/** Text as a regular expression that means only itself. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
}

/** An accent may be a character of its own or part of a letter: who types one of them means both. */
function spellings(text: string): readonly string[] {
  return [...new Set([text, text.normalize("NFC"), text.normalize("NFD")])]
}
