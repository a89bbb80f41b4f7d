/**
 * Markdown as the editor shows and writes it: GitHub's dialect, its marks quiet and its words loud, lists that go on.
 * Knows no other language: the grammars of fenced code are fetched when there is some (`fenced.ts`).
 */
import {
  defineLanguageFacet,
  HighlightStyle,
  Language,
  languageDataProp,
  syntaxHighlighting,
} from "@codemirror/language"
import { Compartment, type Extension } from "@codemirror/state"
import { EditorView, ViewPlugin } from "@codemirror/view"
import { type Highlighter, tags } from "@lezer/highlight"
import { GFM, type MarkdownConfig, parseCode, parser } from "@lezer/markdown"
import { fencedParser, onFirstGrammar } from "./fenced"
import { writing } from "./format/writing"
import { longParagraphs } from "./long-paragraphs"
import { looks } from "./looks"
import { looksTheme } from "./looks-theme"
import { inPieces } from "./pieces"

/** Highlighting of Markdown, how its blocks look, and the keys that write it. */
export function markdown(): Extension {
  return [
    language,
    syntaxHighlighting(style),
    colours.of([]),
    ViewPlugin.define(view => ({ destroy: onFirstGrammar(() => colourFences(view)) })),
    looks(),
    looksTheme,
    writing(),
  ]
}

const data = defineLanguageFacet()

const blocks = parser.configure([GFM, longParagraphs, { props: [languageDataProp.add({ Document: data })] }])
const { wrap } = parseCode({ codeParser: fencedParser }) as MarkdownConfig
const language = new Language(data, inPieces(blocks, wrap), [], "markdown")

/** The colours of fenced code, once there is some in a language that is known. */
const colours = new Compartment()

async function colourFences(view: EditorView) {
  let { codeStyle } = await import("./code-style")
  // The text may be in another language by now.
  if (!colours.get(view.state)) return
  // Only what is fenced: Markdown has headings, links and marks of its own.
  let fenced: Highlighter = {
    style: tags => codeStyle.style(tags),
    scope: type => type.prop(languageDataProp) !== data,
  }
  let looks = [
    codeStyle.module ? EditorView.styleModule.of(codeStyle.module) : [],
    syntaxHighlighting(fenced),
  ]
  view.dispatch({ effects: colours.reconfigure(looks) })
}

const styles = [
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
]

/** Of Markdown alone: what is fenced has a style of its own. */
const style = HighlightStyle.define(styles, { scope: language })
