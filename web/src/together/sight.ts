/**
 * Seeing what somebody else sees: from where to where this page shows the text, and how to scroll to where another does.
 * Knows the editor's geometry and nobody in particular.
 */
import type { EditorView } from "@codemirror/view"

/** How far from the edges a caret should stay, in pixels. */
const EDGE_PX = 72
/** Scrolling less than this is not worth it. */
const LEAST_PX = 3
/** Scrolling further than so many screens would be a blur: it jumps. */
const SCREENS = 1.5

/** What somebody else sees and where they write. */
export interface Sight {
  /** Offsets of the first and last line they see, as far as they tell. */
  readonly sees: readonly [number, number] | null
  /** -1 for none. */
  readonly head: number
}

/** Whether the text as it is written is on the page, rather than only how it reads. */
export function isShown(view: EditorView): boolean {
  return view.dom.checkVisibility({ visibilityProperty: true })
}

/** The offsets between which this page shows the text. */
export function ownSight(view: EditorView): readonly [number, number] {
  let { scrollDOM } = view
  let { left, top, bottom } = scrollDOM.getBoundingClientRect()
  let x = Math.max(left, view.contentDOM.getBoundingClientRect().left) + 30
  let first = view.posAtCoords({ x, y: top + 2 }, false)
  let last = view.posAtCoords({ x, y: bottom - 2 }, false)
  return [first, Math.max(first, last)]
}

/** Scrolls so that what they see can be seen here, too; returns whether there was anything to do. */
export function scrollTo(view: EditorView, sight: Sight): boolean {
  let { scrollDOM } = view
  let wanted = wantedTop(view, sight)
  if (wanted === null) return false
  let most = scrollDOM.scrollHeight - scrollDOM.clientHeight
  let top = Math.round(Math.min(Math.max(wanted, 0), most))
  let way = Math.abs(top - scrollDOM.scrollTop)
  if (way < LEAST_PX) return false
  let isNear = way < SCREENS * scrollDOM.clientHeight
  let calm = matchMedia("(prefers-reduced-motion: reduce)").matches
  scrollDOM.scrollTo({ top, behavior: isNear && !calm ? "smooth" : "instant" })
  return true
}

/** Where the text should be scrolled to. Their caret goes before their first line where this window is the smaller one. */
function wantedTop(view: EditorView, { sees, head }: Sight): number | null {
  let { length } = view.state.doc
  let caret = head < 0 ? null : spanOf(view, Math.min(head, length))
  let { scrollTop, clientHeight } = view.scrollDOM
  let edge = Math.min(EDGE_PX, clientHeight / 4)
  if (!sees) {
    if (!caret) return null
    let isSeen = scrollTop + edge <= caret[0] && caret[1] <= scrollTop + clientHeight - edge
    return isSeen ? null : (caret[0] + caret[1] - clientHeight) / 2
  }
  let top = spanOf(view, Math.min(sees[0], length))[0]
  if (!caret || head < sees[0] || sees[1] < head) return top
  let most = caret[0] - Math.min(edge, caret[0] - top)
  return Math.min(Math.max(top, caret[1] + edge - clientHeight), Math.max(most, 0))
}

/** Top and bottom of a place in the scrolled text, by what is drawn or else by what is known of heights. */
function spanOf(view: EditorView, at: number): [number, number] {
  let { from, to } = view.viewport
  let drawn = from <= at && at <= to ? view.coordsAtPos(at, 1) : null
  if (drawn) {
    let above = view.scrollDOM.getBoundingClientRect().top - view.scrollDOM.scrollTop
    return [drawn.top - above, drawn.bottom - above]
  }
  let { top, bottom } = view.lineBlockAt(at)
  let padding = view.documentPadding.top
  return [top + padding, Math.min(bottom, top + view.defaultLineHeight) + padding]
}
