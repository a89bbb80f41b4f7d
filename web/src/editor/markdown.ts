/**
 * Markdown as the editor shows and writes it: GitHub's dialect, its marks quiet and its words loud, lists that go on.
 * Knows no other language: fenced code stays plain, and no HTML, CSS or JavaScript grammar is loaded.
 */
import { defineLanguageFacet, HighlightStyle, Language, syntaxHighlighting } from "@codemirror/language"
import type { Extension } from "@codemirror/state"
import { tags } from "@lezer/highlight"
import { GFM, parser } from "@lezer/markdown"
import { writing } from "./format/writing"
import { looks } from "./looks"
import { looksTheme } from "./looks-theme"

/** Highlighting of Markdown, how its blocks look, and the keys that write it. */
export function markdown(): Extension {
  return [
    new Language(defineLanguageFacet(), parser.configure(GFM), [], "markdown"),
    syntaxHighlighting(style),
    looks(),
    looksTheme,
    writing(),
  ]
}

const style = HighlightStyle.define([
  { tag: tags.heading1, fontSize: "1.5em", fontWeight: "700", letterSpacing: "-0.015em" },
  { tag: tags.heading2, fontSize: "1.25em", fontWeight: "700", letterSpacing: "-0.01em" },
  { tag: tags.heading3, fontSize: "1.1em", fontWeight: "700" },
  { tag: [tags.heading4, tags.heading5, tags.heading6], fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: tags.quote, color: "var(--ink-soft)" },
  { tag: tags.link, color: "var(--accent)" },
  { tag: [tags.url, tags.labelName, tags.string], color: "var(--ink-soft)" },
  { tag: tags.monospace, fontFamily: "var(--mono)", fontSize: "0.9em" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.comment], color: "var(--ink-soft)" },
  // As wide as `ruler.ts` takes a task's box to be.
  { tag: tags.atom, color: "var(--accent)", fontFamily: "var(--mono)", fontSize: "0.9em" },
])
