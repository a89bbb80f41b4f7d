/**
 * The outline beside the text: follows edits and scrolling when the page has time, and leads to a heading.
 * Knows the editor's view. Is loaded when somebody opens it.
 */
import { forceParsing, syntaxTree, syntaxTreeAvailable } from "@codemirror/language"
import { EditorView, type ViewUpdate } from "@codemirror/view"
import { isMarkdown } from "../editor/format/syntax"
import { type Section, sectionAt, sectionsOf } from "../editor/sections"
import { CodraftOutline } from "../elements/outline"
import { byId } from "./dom"
import { idly } from "./idle"

/** How late it may be in following. */
const LATE_MS = 300
/** How long parsing what nobody has looked at yet keeps the page busy at a time. */
const SLICE_MS = 12
const DRAWER = "(max-width: 56rem)"

/** A panel that can be opened. */
export type OutlinePanel = ReturnType<typeof outlinePanel>

/** Makes the panel; `onClose` hears when somebody closes it. */
export function outlinePanel(view: EditorView, onClose: () => void) {
  let place = byId("side", HTMLElement)
  let outline = new CodraftOutline()
  let sections: readonly Section[] = []
  let look = () => {
    if (!outline.isConnected) return
    if (!isMarkdown(view.state)) return close()
    let found = sectionsOf(view.state)
    if (!isSame(found, sections)) outline.sections = sections = found
    outline.current = sectionAt(sections, readingPlace(view))
    // What is parsed for the outline stays parsed: from then on edits parse only what is around them.
    if (!syntaxTreeAvailable(view.state)) forceParsing(view, view.state.doc.length, SLICE_MS)
    if (!syntaxTreeAvailable(view.state)) soon()
  }
  let soon = idly(look, LATE_MS)
  let close = () => {
    let hadFocus = outline.matches(":focus-within")
    outline.remove()
    view.scrollDOM.removeEventListener("scroll", soon)
    removeEventListener("pointerdown", pressedBeside, { capture: true })
    if (hadFocus) view.focus()
  }
  let pressedBeside = (event: Event) => {
    if (matchMedia(DRAWER).matches && !event.composedPath().includes(outline)) outline.onClose()
  }
  outline.onClose = () => {
    close()
    onClose()
  }
  outline.onChoose = index => {
    let section = sections[index]
    if (!section) return
    if (matchMedia(DRAWER).matches) outline.onClose()
    goTo(view, section)
  }
  return {
    isOpen: () => outline.isConnected,
    close: () => outline.onClose(),
    /** Opens it; `isWanted` when somebody has just asked for it. */
    open(isWanted: boolean) {
      place.append(outline)
      view.scrollDOM.addEventListener("scroll", soon, { passive: true })
      addEventListener("pointerdown", pressedBeside, { capture: true })
      look()
      if (isWanted) void outline.focus()
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
