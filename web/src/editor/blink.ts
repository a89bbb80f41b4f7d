/**
 * The cursor blinks when nothing has been typed for a moment. CodeMirror's begins to blink anew with every key, and a
 * sixth of what a key costs is that an animation begins. For who wants less motion it stands still.
 * Knows how CodeMirror draws the cursor, and not where.
 */
import type { Extension } from "@codemirror/state"
import { drawSelection, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view"

/** One turn, on and off, in milliseconds. */
const TURN_MS = 1_200
/** How long a cursor that has moved stands still. */
const REST_MS = 600

/** The selection and its cursors as CodeMirror draws them. */
export function cursors(): Extension {
  return [drawSelection({ cursorBlinkRate: 0 }), ViewPlugin.fromClass(Blink)]
}

class Blink {
  private timer = 0
  private blinks = false
  private readonly isCalm = matchMedia("(prefers-reduced-motion: reduce)")

  constructor(private readonly view: EditorView) {
    this.rest()
  }

  update({ selectionSet, focusChanged }: ViewUpdate) {
    if (selectionSet || focusChanged) this.rest()
  }

  destroy() {
    clearTimeout(this.timer)
  }

  private rest() {
    if (this.blinks) this.turnIn(0)
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.turnIn(this.isCalm.matches ? 0 : TURN_MS), REST_MS)
  }

  private turnIn(ms: number) {
    // Vim's keys have a layer of their own.
    let layers = this.view.scrollDOM.querySelectorAll<HTMLElement>(".cm-cursorLayer")
    for (let layer of layers) layer.style.animationDuration = `${ms}ms`
    this.blinks = ms > 0
  }
}
