/**
 * Puts the views of a text on the page, and what can be taken along of it.
 * Loaded when the page has time for it; knows what this person may do.
 */
import type { Editor } from "../editor/editor"
import { MARKDOWN } from "../editor/language"
import type { Access } from "./access"
import { onLanguage } from "./language-view"
import { takingActions } from "./taking"
import { Views } from "./views"

/** The views of an editor, beginning with the one that suits what this person may do, as soon as that is known. */
export function startViews(editor: Editor, name: string, access: Access, title: () => string): Views {
  let views = new Views(editor, name)
  let isTold = false
  let begin = () => {
    if (isTold || access.role === null) return
    isTold = access.you !== null
    views.begin(access.mayWrite)
  }
  onLanguage(({ id }) => views.setMarkdown(id === MARKDOWN))
  access.onChange(begin)
  begin()
  takingActions({ editor, views, title })
  return views
}
