/**
 * Keeps an outline at a text: follows edits and scrolling when the page has time, and leads to a heading.
 * Knows the editor's view, and not where the outline stands.
 */
import { forceParsing, syntaxTree, syntaxTreeAvailable } from "@codemirror/language"
import { EditorView, type ViewUpdate } from "@codemirror/view"
import { idly } from "../page/idle"
import { isMarkdown } from "./format/syntax"
import { type Section, sectionAt, sectionsOf } from "./sections"

/** How late it may be in following. */
const LATE_MS = 300
/** How long parsing what nobody has looked at yet keeps the page busy at a time. */
const SLICE_MS = 12

/** An element that shows headings. */
export interface Outline {
  readonly isConnected: boolean
  sections: readonly Section[]
  current: number
}

/** Keeps `outline` at the text of `view`; `onOther` hears that the text is in a language without headings. */
export function outlineGuide(view: EditorView, outline: Outline, onOther: () => void) {
  let sections: readonly Section[] = []
  let look = () => {
    if (!outline.isConnected) return
    if (!isMarkdown(view.state)) {
      sections = []
      return onOther()
    }
    let found = sectionsOf(view.state)
    if (!isSame(found, sections)) outline.sections = sections = found
    outline.current = sectionAt(sections, readingPlace(view))
    // What is parsed for the outline stays parsed: from then on edits parse only what is around them.
    if (!syntaxTreeAvailable(view.state)) forceParsing(view, view.state.doc.length, SLICE_MS)
    if (!syntaxTreeAvailable(view.state)) soon()
  }
  let soon = idly(look, LATE_MS)
  return {
    look,
    soon,
    /** Goes to a section by its index. */
    goTo(index: number) {
      let section = sections[index]
      if (section) goTo(view, section)
    },
    updated(update: ViewUpdate) {
      let isParsed = syntaxTree(update.startState) !== syntaxTree(update.state)
      let isMoved = update.selectionSet || update.geometryChanged || update.viewportChanged
      if (update.docChanged || isMoved || isParsed) soon()
    },
  }
}

function isSame(a: readonly Section[], b: readonly Section[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ from, level, title }, i) => from === b[i]?.from && level === b[i].level && title === b[i].title,
    )
  )
}

/** Where somebody reads: at the cursor, or at the top of what is on the screen when that is elsewhere. */
function readingPlace(view: EditorView): number {
  let { head } = view.state.selection.main
  let { top, bottom } = view.scrollDOM.getBoundingClientRect()
  let block = view.lineBlockAt(head)
  let y = block.top + view.documentTop
  if (top <= y + block.height && y <= bottom) return head
  return view.elementAtHeight(top - view.documentTop + 24).from
}

function goTo(view: EditorView, { from }: Section) {
  // Others may have shortened the text since.
  let anchor = view.state.doc.lineAt(Math.min(from, view.state.doc.length)).to
  view.dispatch({
    selection: { anchor },
    effects: EditorView.scrollIntoView(anchor, { y: "start", yMargin: 24 }),
    userEvent: "select",
  })
  view.focus()
}
