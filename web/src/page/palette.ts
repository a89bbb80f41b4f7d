/**
 * Opens the palette over a text.
 * Is loaded when somebody asks for it; knows the editor's view, which the palette does not.
 */
import { EditorView } from "@codemirror/view"
import type { Actions } from "../actions"
import { headingsOf } from "../editor/headings"
import { CodraftPalette } from "../elements/palette"
import type { Places } from "./choices"
import { paletteActions } from "./palette-actions"

/** Opens it with something typed into it already. */
export function openPalette(actions: Actions, view: EditorView | null, typed: string) {
  actions.add(...paletteActions())
  let palette = new CodraftPalette()
  palette.actions = actions
  palette.places = view ? placesIn(view) : NOWHERE
  palette.query = typed
  palette.show()
}

const NOWHERE: Places = { lines: 0, headings: () => [], go() {} }

function placesIn(view: EditorView): Places {
  return {
    get lines() {
      return view.state.doc.lines
    },
    headings: () => headingsOf(view.state.doc),
    go(number, column = 1) {
      let { doc } = view.state
      // Others may have shortened the text since it was offered.
      let line = doc.line(Math.min(number, doc.lines))
      let anchor = Math.min(line.from + column - 1, line.to)
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }),
        userEvent: "select",
      })
      view.focus()
    },
  }
}
