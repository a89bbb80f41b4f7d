/**
 * Reports where this person's cursor is, so that the others see it.
 * Knows nobody else.
 */
import type { Extension } from "@codemirror/state"
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import type { Connection } from "../connection"
import { afterFrame } from "../frame"

/** The report of one's own cursor. */
export function ownCursor(connection: Connection): Extension {
  return ViewPlugin.define(view => new OwnCursor(view, connection))
}

/** Reports the main selection after the frame that shows it, so that no key waits for it. */
class OwnCursor {
  private scheduled = false

  constructor(
    private readonly view: EditorView,
    private readonly connection: Connection,
  ) {}

  update(update: ViewUpdate) {
    if (this.scheduled || !(update.selectionSet || update.docChanged || update.focusChanged)) return
    this.scheduled = true
    afterFrame(() => this.report())
  }

  private report() {
    this.scheduled = false
    let { anchor, head } = this.view.state.selection.main
    let { hasFocus } = this.view
    this.connection.attempt(replica => (hasFocus ? replica.setCursor(anchor, head) : replica.clearCursor()))
  }
}
