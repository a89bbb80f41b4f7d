/**
 * Makes the empty margins beside the text column part of the text: a click there puts the cursor on that line.
 * Knows nothing of the document.
 */
import { EditorSelection, type Extension } from "@codemirror/state"
import { type EditorView, ViewPlugin } from "@codemirror/view"

/** Clicks beside the column. */
export function margin(): Extension {
  return ViewPlugin.define(view => {
    let clicked = (event: MouseEvent) => placeCursor(event, view)
    view.scrollDOM.addEventListener("mousedown", clicked)
    return { destroy: () => view.scrollDOM.removeEventListener("mousedown", clicked) }
  })
}

function placeCursor(event: MouseEvent, view: EditorView) {
  let { scrollDOM } = view
  let onScrollbar = event.clientX > scrollDOM.getBoundingClientRect().left + scrollDOM.clientWidth
  if (event.target !== scrollDOM || event.button !== 0 || onScrollbar) return
  event.preventDefault()
  let head = view.posAtCoords({ x: event.clientX, y: event.clientY }, false)
  let { main } = view.state.selection
  view.dispatch({
    selection: event.shiftKey ? EditorSelection.range(main.anchor, head) : EditorSelection.cursor(head),
    userEvent: "select.pointer",
  })
  view.focus()
}
