/**
 * The headings of a text as a tree, inside of `codraft-outline`. Loaded when there is one on the page.
 * Knows the editor's view; how the tree looks is `elements/outline.ts`'s.
 */
import { StateEffect } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { outlineGuide } from "../editor/outline-guide"
import { CodraftOutline } from "../elements/outline"
import type { Company } from "./companion"

/** The tree has a name of its own: that of the page's is the shell's here. */
const TREE = "codraft-headings"

/** Shows the headings in `root`, and goes to those that are chosen; returns how to end. */
export function showHeadings(root: ShadowRoot, { editor }: Company): () => void {
  let view = editor?.view
  if (!view) return () => {}
  if (!customElements.get(TREE)) customElements.define(TREE, CodraftOutline)
  let tree = document.createElement(TREE) as CodraftOutline
  tree.canClose = false
  root.append(tree)
  let guide = outlineGuide(view, tree, () => {
    tree.sections = []
  })
  tree.onChoose = index => guide.goTo(index)
  let isOver = false
  let listener = EditorView.updateListener.of(update => isOver || guide.updated(update))
  view.dispatch({ effects: StateEffect.appendConfig.of(listener) })
  view.scrollDOM.addEventListener("scroll", guide.soon, { passive: true })
  guide.look()
  return () => {
    isOver = true
    view.scrollDOM.removeEventListener("scroll", guide.soon)
    tree.remove()
  }
}
