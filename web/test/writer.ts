/**
 * A text with cursors in it, for tests of commands: what they make of it, as one string.
 * Knows no commands. `¦` is a cursor, `«` and `»` hold a selection, `‹` and `›` one that was made backwards.
 */
import { defineLanguageFacet, ensureSyntaxTree, Language } from "@codemirror/language"
import { EditorSelection, EditorState, type StateCommand, type Transaction } from "@codemirror/state"
import { GFM, parser } from "@lezer/markdown"

const markdown = new Language(defineLanguageFacet(), parser.configure(GFM), [], "markdown")
const SIGNS = /[¦«»‹›]/g

/** The state that `text` shows. */
export function stateOf(text: string, options: { readOnly?: boolean; plain?: boolean } = {}): EditorState {
  let doc = text.replace(SIGNS, "")
  let state = EditorState.create({
    doc,
    selection: selectionOf(text),
    extensions: [
      options.plain ? [] : markdown,
      EditorState.allowMultipleSelections.of(true),
      EditorState.readOnly.of(!!options.readOnly),
    ],
  })
  ensureSyntaxTree(state, doc.length, 5_000)
  return state
}

/** A state as such a text. */
export function textOf({ doc, selection }: EditorState): string {
  let marks = selection.ranges.flatMap(({ from, to, anchor, head }) => {
    if (from === to) return [{ at: from, sign: "¦" }]
    let [open, close] = anchor < head ? ["«", "»"] : ["‹", "›"]
    return [
      { at: from, sign: open },
      { at: to, sign: close },
    ]
  })
  let text = doc.toString()
  for (let { at, sign } of marks.reverse()) text = text.slice(0, at) + sign + text.slice(at)
  return text
}

/** What a command makes of a text; null when it leaves the key to others. */
export function made(text: string, command: StateCommand, options = {}): string | null {
  let state = stateOf(text, options)
  let transactions: Transaction[] = []
  let taken = command({ state, dispatch: tr => transactions.push(tr) })
  if (!taken) return null
  if (transactions.length > 1) throw new Error("a command is one transaction")
  return textOf(transactions[0]?.state ?? state)
}

function selectionOf(text: string): EditorSelection {
  let ranges = []
  let opened = { at: 0, sign: "" }
  let removed = 0
  for (let match of text.matchAll(SIGNS)) {
    let at = match.index - removed++
    let [sign] = match
    if (sign === "¦") ranges.push(EditorSelection.cursor(at))
    else if (sign === "«" || sign === "‹") opened = { at, sign }
    else
      ranges.push(sign === "»" ? EditorSelection.range(opened.at, at) : EditorSelection.range(at, opened.at))
  }
  return EditorSelection.create(ranges)
}
