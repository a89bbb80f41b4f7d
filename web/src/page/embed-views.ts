/**
 * The views of a text in a frame, beginning with the one that its address asks for.
 * Knows what this person may do.
 */
import type { Editor } from "../editor/editor"
import { MARKDOWN } from "../editor/language"
import type { Access } from "./access"
import { onLanguage } from "./language-view"
import { takingActions } from "./taking"
import { type View, Views } from "./views"

/** Puts the views of an editor on the page. */
export function embedViews(
  editor: Editor,
  name: string,
  access: Access,
  title: () => string,
  asked: View | null,
) {
  let views = new Views(editor, name)
  let isTold = false
  let begin = () => {
    if (isTold || access.role === null) return
    isTold = access.you !== null
    views.beginWith(asked ?? (access.mayWrite ? "write" : "read"))
  }
  onLanguage(({ id }) => views.setMarkdown(id === MARKDOWN))
  access.onChange(begin)
  begin()
  takingActions({ editor, views, title })
}
