/**
 * The focus going back to where it was before something was over it.
 * Knows neither dialogs nor menus.
 */
import { EditorView } from "@codemirror/view"

/** Gives an element the focus without scrolling; the next key goes into it, however soon it comes. */
export function giveFocus(element: HTMLElement | null) {
  element?.focus({ preventScroll: true })
  // A text that is focused from outside gets its cursor some milliseconds later: a key in between would go nowhere.
  let view = element && EditorView.findFromDOM(element)
  // It looks inside, too.
  if (view?.contentDOM === element) view?.focus()
}
