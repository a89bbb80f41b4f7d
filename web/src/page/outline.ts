/**
 * The outline beside the text, as a panel that is opened and closed. Is loaded when somebody opens it.
 * Knows its place on the page; `editor/outline-guide.ts` keeps it at the text.
 */
import type { EditorView, ViewUpdate } from "@codemirror/view"
import { outlineGuide } from "../editor/outline-guide"
import { CodraftOutline } from "../elements/outline"
import { byId } from "./dom"

const DRAWER = "(max-width: 56rem)"

/** A panel that can be opened. */
export type OutlinePanel = ReturnType<typeof outlinePanel>

/** Makes the panel; `onClose` hears when somebody closes it. */
export function outlinePanel(view: EditorView, onClose: () => void) {
  let place = byId("side", HTMLElement)
  if (!customElements.get("codraft-outline")) customElements.define("codraft-outline", CodraftOutline)
  let outline = new CodraftOutline()
  let guide = outlineGuide(view, outline, () => close())
  let close = () => {
    let hadFocus = outline.matches(":focus-within")
    outline.remove()
    view.scrollDOM.removeEventListener("scroll", guide.soon)
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
    if (!outline.sections[index]) return
    if (matchMedia(DRAWER).matches) outline.onClose()
    guide.goTo(index)
  }
  return {
    isOpen: () => outline.isConnected,
    close: () => outline.onClose(),
    /** Opens it; `isWanted` when somebody has just asked for it. */
    open(isWanted: boolean) {
      place.append(outline)
      view.scrollDOM.addEventListener("scroll", guide.soon, { passive: true })
      addEventListener("pointerdown", pressedBeside, { capture: true })
      guide.look()
      if (isWanted) void outline.focus()
    },
    updated: (update: ViewUpdate) => guide.updated(update),
  }
}
