/**
 * A part of the program that comes when it is first needed.
 * Knows no part.
 */
import { EditorView, runScopeHandlers } from "@codemirror/view"

/**
 * Runs something with a part: at once when it is here, otherwise as soon as it is, and what is typed in `view` until then
 * comes after it. Returns whether it was for this.
 */
export type WithPart<T> = (use?: (part: T) => boolean, view?: EditorView) => boolean

/** A part that `load` brings, once for the page. */
export function later<T>(load: () => Promise<T>): WithPart<T> {
  let part: T | null = null
  return (use = () => true, view) => {
    if (part) return use(part)
    let release = view ? hold(view) : () => {}
    load()
      .then(loaded => {
        part = loaded
        use(loaded)
      })
      .catch(error => console.warn("a part of the editor could not be loaded:", error))
      .finally(release)
    return true
  }
}

/** Holds the keys that are struck in an editor; the call returned strikes them. */
function hold(view: EditorView): () => void {
  let keys: KeyboardEvent[] = []
  let keep = (event: KeyboardEvent) => {
    if (event.isComposing || isOfTheBrowser(event)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    keys.push(event)
  }
  view.dom.addEventListener("keydown", keep, true)
  return () => {
    view.dom.removeEventListener("keydown", keep, true)
    for (let key of keys) strike(view, key)
  }
}

/** Keys that do nothing of their own, and those that only the browser can answer. */
function isOfTheBrowser({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return (
    /^(Shift|Control|Alt|AltGraph|Meta|Dead|Process)$/.test(key) ||
    ((ctrlKey || metaKey) && /^[cvx]$/i.test(key))
  )
}

/** Does what a key means in an editor, as if it were struck now. */
function strike(view: EditorView, event: KeyboardEvent) {
  let isText = [...event.key].length === 1 && !event.ctrlKey && !event.metaKey
  if (runScopeHandlers(view, event, "editor") || !isText) return
  let { from, to } = view.state.selection.main
  let insert = () => view.state.update(view.state.replaceSelection(event.key), { userEvent: "input.type" })
  let isTaken = view.state
    .facet(EditorView.inputHandler)
    .some(take => take(view, from, to, event.key, insert))
  if (!isTaken) view.dispatch(insert())
}
