/**
 * Colours of code: which pieces of it are what.
 * Knows the languages that the editor knows, and loads the one that is named.
 */
import { classHighlighter, highlightCode } from "@lezer/highlight"

/** A piece of code, and the classes of what it is. */
export interface Piece {
  readonly text: string
  readonly name: string
}

/** Code in pieces; nothing if its language is not known. */
export async function coloured(text: string, language: string): Promise<Piece[] | null> {
  let { languageCalled } = await import("../editor/languages")
  let found = languageCalled(language)
  if (!found) return null
  let { parser } = (await found.load()).language
  let pieces: Piece[] = []
  let put = (text: string, name: string) => pieces.push({ text, name })
  highlightCode(text, parser.parse(text), classHighlighter, put, () => put("\n", ""))
  return pieces
}
