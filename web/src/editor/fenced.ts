/**
 * Grammars for the code between the fences of Markdown, fetched when a text has such code.
 * Knows no language: `languages.ts` does, and is fetched with the first fence that names one.
 */
import { ParseContext } from "@codemirror/language"
import type { Parser } from "@lezer/common"
import type { CodeLanguage } from "./languages"

let registry: typeof import("./languages") | undefined
/** By the ids of their languages. */
const parsers = new Map<string, Parser>()
const listeners = new Set<() => void>()

/** Calls `listener` when the first grammar is there; returns how to stop. */
export function onFirstGrammar(listener: () => void): () => void {
  if (parsers.size) listener()
  else listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The grammar for code whose fence says `info`; one that passes over the code until the right one is there. */
export function fencedParser(info: string): Parser | null {
  let [word = ""] = /^[^\s,{:]*/.exec(info.trim()) ?? []
  if (!word) return null
  if (!registry) return ParseContext.getSkippingParser(fetchRegistry())
  let language = registry.languageCalled(word)
  if (!language) return null
  return parsers.get(language.id) ?? ParseContext.getSkippingParser(fetchGrammar(language))
}

/** Code whose grammar cannot be fetched stays plain. */
async function fetchRegistry() {
  registry = await import("./languages")
}

async function fetchGrammar(language: CodeLanguage) {
  let support = await language.load()
  parsers.set(language.id, support.language.parser)
  for (let listener of [...listeners]) listener()
  listeners.clear()
}
