/**
 * What the editor does differently in code: a grammar, brackets that close, lines that indent themselves, a wide page.
 * Is loaded with the first document in code. Knows no language by name.
 */
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete"
import { indentLess, indentMore } from "@codemirror/commands"
import { indentOnInput, indentUnit, type LanguageSupport, syntaxHighlighting } from "@codemirror/language"
import { EditorSelection, EditorState, type Extension, Prec, type Text } from "@codemirror/state"
import { type Command, EditorView, keymap } from "@codemirror/view"
import { codeStyle } from "./code-style"
import type { CodeLanguage } from "./languages"
import { isCode } from "./preferences"

/** How many indented lines are looked at to find out how a text is indented. */
const SAMPLE_LINES = 200
/** How far into a text they are looked for. */
const SAMPLE_DEPTH = 2_000

/** The editor for a text in code. */
export function code(language: CodeLanguage, support: LanguageSupport, text: Text): Extension {
  let unit = indentIn(text.iterLines(1, Math.min(text.lines, SAMPLE_DEPTH) + 1)) ?? defaultIndent(language)
  return [
    support,
    syntaxHighlighting(codeStyle),
    isCode.of(true),
    closeBrackets(),
    indentOnInput(),
    indentUnit.of(unit),
    EditorState.tabSize.of(4),
    Prec.high(keymap.of([{ key: "Tab", run: tab, shift: indentLess }, ...closeBracketsKeymap])),
    // What the browser makes of words is wrong for names and quotes.
    EditorView.contentAttributes.of({
      autocorrect: "off",
      autocapitalize: "off",
      translate: "no",
      "data-language": language.id,
    }),
    EditorView.editorAttributes.of({ class: "cm-code" }),
    look,
  ]
}

/** How these lines are indented: a tab, or so many spaces; nothing where none is. */
export function indentIn(lines: Iterable<string>): string | undefined {
  let counts = new Map<string, number>()
  let seen = 0
  let before = 0
  for (let line of lines) {
    let [lead = ""] = /^(\t|\s{1,40})(?=\S)/.exec(line) ?? []
    let width = lead === "\t" ? 0 : lead.length
    let step = lead === "\t" ? "\t" : width - before >= 2 ? " ".repeat(width - before) : ""
    if (line.trim()) before = width
    if (!step) continue
    counts.set(step, (counts.get(step) ?? 0) + 1)
    if (++seen >= SAMPLE_LINES) break
  }
  let [most] = [...counts].sort(([, one], [, other]) => other - one)
  return most && most[0].length <= 8 ? most[0] : undefined
}

function defaultIndent({ indent }: CodeLanguage): string {
  return indent ? " ".repeat(indent) : "\t"
}

/** Indents what is selected, or goes to the next stop. */
const tab: Command = view => {
  let { state } = view
  if (state.readOnly) return false
  if (state.selection.ranges.some(range => !range.empty)) return indentMore(view)
  let unit = state.facet(indentUnit)
  let change = state.changeByRange(range => {
    let column = range.head - state.doc.lineAt(range.head).from
    let insert = unit === "\t" ? unit : " ".repeat(unit.length - (column % unit.length))
    return {
      changes: { from: range.head, insert },
      range: EditorSelection.cursor(range.head + insert.length),
    }
  })
  view.dispatch(change, { scrollIntoView: true, userEvent: "input" })
  return true
}

const look = EditorView.theme({
  "&.cm-code .cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.9375rem", lineHeight: "1.6" },
  "&.cm-code .cm-content": { maxWidth: "none", margin: "0", paddingTop: "1rem", tabSize: "4" },
  "&.cm-code .cm-line": { padding: "0 1.5rem 0 0.75rem" },
  "&.cm-code .cm-gutters": {
    border: "0",
    paddingLeft: "0.75rem",
    backgroundColor: "var(--paper)",
    color: "var(--ink-soft)",
  },
  "&.cm-code .cm-lineNumbers .cm-gutterElement": { minWidth: "2.5rem", padding: "0 0.5rem 0 0" },
  "&.cm-code.cm-focused .cm-activeLine": { borderRadius: "0" },
})
