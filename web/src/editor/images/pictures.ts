/**
 * Everything about pictures that is loaded only where there are some: places of those on their way, and those that are there.
 * Knows its parts and does none of their work.
 */
import type { Extension } from "@codemirror/state"
import type { EditorView } from "@codemirror/view"
import { chips } from "./chips"
import { look } from "./look"
import { showingChanged, shown } from "./shown"
import { uploads } from "./uploads"

/** Pictures in an editor. */
export function pictures(): Extension {
  return [uploads, chips, shown(), look]
}

/** Puts pictures into the text: at the cursor, or where it is said. */
export function insert(view: EditorView, files: readonly File[], at?: number) {
  view.plugin(uploads)?.insert(files, at)
}

/** Looks again whether pictures are to be shown in the text. */
export function refresh(view: EditorView) {
  view.dispatch({ effects: showingChanged.of(null) })
}
