/**
 * Markdown as the editor shows it: GitHub's dialect, its marks quiet and its words loud, lists that go on.
 * Knows no other language: fenced code stays plain, and no HTML, CSS or JavaScript grammar is loaded.
 */
import { defineLanguageFacet, HighlightStyle, Language, syntaxHighlighting } from "@codemirror/language"
import { EditorSelection, type Extension, Prec } from "@codemirror/state"
import { type Command, keymap } from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { GFM, parser } from "@lezer/markdown"

/** Highlighting of Markdown, and Enter that continues a list or quote. */
export function markdown(): Extension {
  return [
    new Language(defineLanguageFacet(), parser.configure(GFM), [], "markdown"),
    syntaxHighlighting(style),
    Prec.high(keymap.of([{ key: "Enter", run: continueMarkup }])),
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
  { tag: tags.quote, color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: tags.link, color: "var(--accent)" },
  { tag: [tags.url, tags.labelName, tags.string], color: "var(--ink-soft)" },
  { tag: tags.monospace, fontFamily: "var(--mono)", fontSize: "0.9em", color: "var(--code)" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.comment], color: "var(--ink-soft)" },
  { tag: tags.atom, color: "var(--accent)", fontFamily: "var(--mono)", fontSize: "0.9em" },
])

/** Indentation and quote marks, then a bullet or number, then perhaps a check box. */
const MARKUP = /^(\s*(?:>\s?)*)(?:([-*+])|(\d{1,9})([.)]))?(\s+)?(\[[ xX]\]\s+)?/

/** Starts the next line with the markup of this one; on an item without words, ends the list instead. */
const continueMarkup: Command = ({ state, dispatch }) => {
  let { main, ranges } = state.selection
  if (ranges.length > 1 || !main.empty || state.readOnly) return false
  let line = state.doc.lineAt(main.head)
  let [prefix, next] = markupOf(line.text)
  if (!next || main.head < line.from + prefix.length) return false
  let ends = line.text.trimEnd() === prefix.trimEnd()
  let insert = state.lineBreak + next
  dispatch(
    state.update({
      changes: ends ? { from: line.from, to: line.to } : { from: main.head, insert },
      selection: EditorSelection.cursor(ends ? line.from : main.head + insert.length),
      scrollIntoView: true,
      userEvent: "input",
    }),
  )
  return true
}

/** The markup a line opens with, and what the line after it should open with; both empty on plain lines. */
export function markupOf(text: string): [prefix: string, next: string] {
  let [prefix = "", lead = "", bullet, number, mark, space, box] = MARKUP.exec(text) ?? []
  let isItem = (bullet || number) && space
  if (!isItem) return lead.includes(">") ? [lead, lead] : ["", ""]
  let sign = bullet ?? `${Number(number) + 1}${mark}`
  return [prefix, `${lead}${sign}${space}${box ? "[ ] " : ""}`]
}
