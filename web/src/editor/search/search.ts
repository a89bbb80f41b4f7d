/**
 * Find and replace for an editor. Is loaded when somebody looks for something first.
 * Knows the view: the panel and the search come into it here.
 */
import { StateEffect, StateField } from "@codemirror/state"
import { type EditorView, type Panel, showPanel } from "@codemirror/view"
import { SearchPanel } from "./panel"
import { escaped } from "./query"
import { searcher } from "./searcher"
import { searchTheme } from "./theme"
import { ticks } from "./ticks"

/** What is selected is looked for, if it is no longer than this. */
const LONGEST = 200

const setOpen = StateEffect.define<boolean>()
const panels = new WeakMap<EditorView, SearchPanel>()

const isOpen = StateField.define<boolean>({
  create: () => false,
  update: (open, tr) => tr.effects.reduce((now, effect) => (effect.is(setOpen) ? effect.value : now), open),
  provide: field => showPanel.from(field, open => (open ? panelOf : null)),
})

/** Opens the panel, with what is selected or was typed meanwhile. */
export function openSearch(view: EditorView, typed = "", isReplacing = false) {
  if (view.state.field(isOpen, false) === undefined)
    view.dispatch({ effects: StateEffect.appendConfig.of([searcher, ticks, isOpen, searchTheme]) })
  let wasOpen = view.state.field(isOpen)
  if (!wasOpen) {
    view.plugin(searcher)?.open()
    view.dispatch({ effects: setOpen.of(true) })
  }
  let panel = panels.get(view)
  if (isReplacing || !wasOpen) panel?.showReplacing(isReplacing)
  panel?.focus(selectedText(view), typed)
}

/** Closes it and goes back to the text. */
export function closeSearch(view: EditorView) {
  view.plugin(searcher)?.close()
  view.dispatch({ effects: setOpen.of(false) })
  view.focus()
}

/** Goes to the next match or the one before; without a search, opens one. */
export function step(view: EditorView, by: 1 | -1, typed = "") {
  if (view.state.field(isOpen, false) && view.plugin(searcher)?.query.text) view.plugin(searcher)?.step(by)
  else openSearch(view, typed)
}

function panelOf(view: EditorView): Panel {
  let found = view.plugin(searcher)
  if (!found) throw new Error("the panel needs a search")
  let panel = new SearchPanel(view, found, () => closeSearch(view))
  panels.set(view, panel)
  return panel
}

function selectedText(view: EditorView): string | null {
  let { main } = view.state.selection
  let text = view.state.sliceDoc(main.from, Math.min(main.to, main.from + LONGEST + 1))
  if (!text || text.length > LONGEST || text.includes("\n")) return null
  return view.plugin(searcher)?.query.regexp ? escaped(text) : text
}
