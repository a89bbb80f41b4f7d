/**
 * Brings what helps writing once the page has time for it, and keeps its place free until then.
 * Knows nothing of it.
 */
import type { EditorView } from "@codemirror/view"
import { byId } from "./dom"
import { insistently, whenIdle } from "./idle"
import { settings } from "./settings"

/** After this time it is loaded, whether the page has time or not. */
const LATEST_MS = 1_500

/** Puts the aids around an editor, later. */
export function writingAids(view: EditorView) {
  byId("above", HTMLElement).classList.toggle("kept", settings.now.toolbar)
  byId("foot", HTMLElement).classList.add("kept")
  whenIdle(() => {
    insistently(() => import("./aids")).then(({ mountAids }) => mountAids(view))
  }, LATEST_MS)
}
