/**
 * The buttons that format, beside the text they format: shown while it can be written, and the setting says so.
 * Knows where they stand on the page; above the text or above a phone's keyboard is the style sheet's choice.
 */
import type { EditorView, ViewUpdate } from "@codemirror/view"
import type { Action } from "../actions"
import { levelAt } from "../editor/format/actions"
import { canFormat } from "../editor/format/syntax"
import { CodraftToolbar } from "../elements/toolbar"
import { formats } from "../messages/format"
import { byId } from "./dom"
import { idly } from "./idle"
import { settings } from "./settings"

/** How late a button may be in showing what is on. */
const LATE_MS = 120

/** Mounts the buttons of these actions. */
export function formatBar(view: EditorView, shown: readonly Action[]) {
  let place = byId("above", HTMLElement)
  place.role = "region"
  place.ariaLabel = formats.toolbar
  let toolbar = new CodraftToolbar()
  toolbar.onLeave = () => view.focus()
  let look = () => {
    let isShown = settings.now.toolbar && canFormat(view.state)
    toolbar.hidden = !isShown
    place.classList.toggle("kept", isShown)
    if (isShown) toolbar.look(levelAt(view.state))
  }
  let soon = idly(look, LATE_MS)
  let showWriting = () => {
    let isWriting = view.hasFocus || toolbar.matches(":focus-within")
    place.toggleAttribute("data-writing", isWriting)
  }
  toolbar.addEventListener("focusout", () => setTimeout(showWriting))
  toolbar.actions = new Map(shown.map(action => [action.id, action]))
  place.append(toolbar)
  settings.onChange(look)
  look()
  showWriting()
  return {
    focus: () => toolbar.focus(),
    updated(update: ViewUpdate) {
      if (update.focusChanged) setTimeout(showWriting)
      soon()
    },
  }
}
