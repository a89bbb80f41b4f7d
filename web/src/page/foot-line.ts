/**
 * Keeps the line below the text true: where the cursor is, and how many words there are.
 * Knows the text's counts are never worth a key's time: they are made while nothing else happens, a slice at a time.
 */
import type { EditorState, Text } from "@codemirror/state"
import type { EditorView, ViewUpdate } from "@codemirror/view"
import { actions } from "../actions"
import { CodraftFoot } from "../elements/foot"
import { type Counts, countsOf, NOTHING, sum } from "./counting"
import { byId } from "./dom"
import { idly } from "./idle"
import { languageButton } from "./language-button"

/** How late the line may be. */
const LATE_MS = 500
/** How long counting keeps the page busy at a time. */
const SLICE_MS = 8

/** Mounts the line. */
export function footLine(view: EditorView) {
  let foot = new CodraftFoot()
  let whole: Counts | null = null
  let look = () => {
    let end = performance.now() + SLICE_MS
    let hasTime = () => performance.now() < end
    let { state } = view
    let counted = countsOf(state.doc, hasTime)
    let selected = counted && selectedIn(state, hasTime)
    let isDone = !!counted && (selected !== null || state.selection.main.empty)
    // Until it is counted again, the text is about as long as it was.
    whole = counted ?? whole
    foot.facts = { ...placeOf(state), whole, selected }
    if (!isDone) soon()
  }
  let soon = idly(look, LATE_MS)
  foot.onPlace = () => actions.run("edit.line")
  foot.append(languageButton(() => !view.state.readOnly))
  byId("foot", HTMLElement).prepend(foot)
  look()
  return {
    updated(update: ViewUpdate) {
      if (update.docChanged || update.selectionSet) soon()
    },
  }
}

/** What is selected, all of it; null when nothing is, or there was no time. */
function selectedIn({ doc, selection }: EditorState, hasTime: () => boolean): Counts | null {
  let texts = selection.ranges.filter(range => !range.empty).map(({ from, to }): Text => doc.slice(from, to))
  if (!texts.length) return null
  let all = NOTHING
  for (let text of texts) {
    let counts = countsOf(text, hasTime)
    if (!counts) return null
    all = sum(all, counts)
  }
  return all
}

function placeOf({ doc, selection }: EditorState) {
  let { head } = selection.main
  let line = doc.lineAt(head)
  return { line: line.number, column: [...doc.sliceString(line.from, head)].length + 1 }
}
