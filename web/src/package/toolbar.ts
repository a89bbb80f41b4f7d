/**
 * The buttons that format, in an embedded editor. Loaded where they are wanted.
 * Knows the editor's view and where the buttons stand.
 */
import { StateEffect } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import type { Action } from "../actions"
import { redo, undo } from "../editor/collab"
import { formatActions, levelAt } from "../editor/format/actions"
import { withFormats } from "../editor/format/keys"
import { canFormat } from "../editor/format/syntax"
import { CodraftToolbar } from "../elements/toolbar"
import { messages } from "../messages"
import { idly } from "../page/idle"

/** How late a button may be in showing what is on. */
const LATE_MS = 120

/** Puts the buttons at the beginning of `place`; returns how to take them away. */
export function mountToolbar(view: EditorView, place: Element): () => void {
  withFormats()
  let bar = new CodraftToolbar()
  bar.part.add("toolbar")
  bar.onLeave = () => view.focus()
  let step = (id: string, title: string, keys: string, command: typeof undo): Action => ({
    id,
    title,
    keys,
    group: "edit",
    isOffered: () => !view.state.readOnly,
    run() {
      command(view)
      view.focus()
    },
  })
  let all = [
    step("edit.undo", messages.actions.undo, "Mod-z", undo),
    step("edit.redo", messages.actions.redo, "Mod-y", redo),
    ...formatActions(view),
  ]
  bar.actions = new Map(all.map(action => [action.id, action]))
  let isOver = false
  let look = () => {
    if (isOver) return
    bar.hidden = !canFormat(view.state)
    if (!bar.hidden) bar.look(levelAt(view.state))
  }
  let soon = idly(look, LATE_MS)
  view.dispatch({ effects: StateEffect.appendConfig.of(EditorView.updateListener.of(soon)) })
  place.prepend(bar)
  look()
  return () => {
    isOver = true
    bar.remove()
  }
}
