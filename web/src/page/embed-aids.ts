/**
 * What helps writing in a frame: formats by their keys, and their buttons where the address asks for them.
 * Is loaded when the page has time; knows the parts, and does none of their work.
 */
import { StateEffect } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { actions } from "../actions"
import { formatActions } from "../editor/format/actions"
import { withFormats } from "../editor/format/keys"
import { formatBar } from "./format-bar"

/** Puts the aids around an editor. */
export function embedAids(view: EditorView) {
  withFormats()
  let formatting = formatActions(view)
  actions.add(...formatting)
  let bar = formatBar(view, formatting)
  view.dispatch({ effects: StateEffect.appendConfig.of(EditorView.updateListener.of(bar.updated)) })
}
