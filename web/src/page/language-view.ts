/**
 * What the text is written in, for the page: says it to whoever shows it, and lets people choose another language for
 * everybody.
 * Knows the list of languages only when somebody asks for it.
 */
import type { EditorView } from "@codemirror/view"
import type { About } from "../about"
import { actions } from "../actions"
import { MARKDOWN, type Written } from "../editor/language"
import { messages } from "../messages"
import { lazily } from "./lazily"

const listeners = new Set<(written: Written) => void>()
let shown: Written = { id: MARKDOWN, name: messages.language.markdown }

/** Tells `listener` what the text is shown in, now and whenever that changes; returns how to stop. */
export function onLanguage(listener: (written: Written) => void): () => void {
  listeners.add(listener)
  listener(shown)
  return () => listeners.delete(listener)
}

/** What the text is shown in at the moment. */
export function shownLanguage(): Written {
  return shown
}

/** Notes what the editor shows the text in from now on. */
export function noteLanguage(written: Written) {
  shown = written
  for (let listener of listeners) listener(written)
}

/** Offers the choice of another one, for as long as the text can be changed. */
export function languageChoice(about: About, view: () => EditorView) {
  let withPicker = lazily(() => import("./language-picker"))
  actions.add({
    id: "document.language",
    title: messages.language.choose,
    group: "document",
    isOffered: () => !view().state.readOnly,
    run: () =>
      withPicker((part, typed) =>
        part.openLanguagePicker({ chosen: shown.id, typed, choose: id => about.say("language", id) }),
      ),
  })
}
