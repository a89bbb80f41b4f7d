/**
 * Brings the other views of a text once the page has time for them, and at once for who has come to read; keeps the place of
 * their switch free until then.
 * Knows nothing of them.
 */
import type { Editor } from "../editor/editor"
import type { Access } from "./access"
import { byId } from "./dom"
import { insistently, whenIdle } from "./idle"

/** After this time they are loaded, whether the page has time or not. */
const LATEST_MS = 1_500

/** Brings them to an editor; the call returned says that there is no editor any more. */
export function readingAids(editor: Editor, name: string, access: Access, title: () => string): () => void {
  let place = byId("views", HTMLElement)
  let loading: Promise<{ end(): void } | null> | undefined
  let isOver = false
  let load = () => {
    if (isOver) return
    loading ??= insistently(() => import("./start-views")).then(({ startViews }) =>
      isOver ? null : startViews(editor, name, access, title),
    )
    loading.finally(() => place.classList.remove("kept"))
  }
  let look = () => {
    if (access.role !== null && !access.mayWrite) load()
  }
  place.classList.add("kept")
  access.onChange(look)
  look()
  whenIdle(load, LATEST_MS)
  return () => {
    isOver = true
    place.classList.remove("kept")
    loading?.then(views => views?.end())
  }
}
