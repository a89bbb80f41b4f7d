/**
 * Keeps the header, the tab and the list of recent documents at what the document is called: what people have called it,
 * or the first line of a text in sentences, or its name.
 * Knows the lines it is given, and no editor.
 */
import type { About } from "../about"
import { isProse } from "../editor/language"
import { messages } from "../messages"
import { isClosed } from "./closed"
import { CONTENT } from "./document-name"
import { shownLanguage } from "./language-view"
import { noteRecent, recents } from "./recents"
import { noteTitle } from "./shown-title"
import { titleOf } from "./title"

/** How long the text rests before its first line is looked up again. */
const REST_MS = 400

/** Keeps them until the page goes; `show` is told of every change. */
export function titleKeeper(
  name: string,
  field: string,
  about: About,
  text: () => Iterable<string>,
  show: (title: string) => void,
) {
  let timer = 0
  let shown: Iterable<string> | undefined
  let isOver = false
  // The first line of a program says nothing of it: its name does.
  let called = () => about.title || (isProse(shownLanguage()) ? titleOf(shown ?? text()) : "")
  let keep = () => {
    // What this browser may not open is no document of its, and nor is what it was told to forget.
    if (isClosed() || isOver) return
    let title = called()
    document.title = messages.pageTitle(title || name)
    noteTitle(title || name)
    show(title || name)
    // An empty page that has not reached the server yet must not blank what the list knows.
    if (!title && isProse(shownLanguage()) && recents().some(recent => recent.name === name)) return
    noteRecent({ name, title, at: Date.now(), ...(field === CONTENT ? {} : { field }) })
  }
  window.addEventListener("pagehide", keep)
  about.onChange(keep)
  return {
    /** What the document is called now. */
    title: () => called() || name,
    /** Looks at the text when it has rested. */
    soon() {
      clearTimeout(timer)
      timer = window.setTimeout(keep, REST_MS)
    },
    /** The text is not in the editor but these lines. */
    show(lines: Iterable<string>) {
      shown = lines
      keep()
    },
    /** Keeps nothing from now on. */
    stop() {
      isOver = true
    },
  }
}
