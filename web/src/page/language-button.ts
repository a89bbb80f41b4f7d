/**
 * What the text is written in, said in the line below it, where a click chooses another language.
 * Knows no language.
 */
import { actions } from "../actions"
import { messages } from "../messages"
import { element } from "./dom"
import { onLanguage } from "./language-view"

/** A button that stays true; it does nothing for people who may only read. */
export function languageButton(mayChange: () => boolean): HTMLElement {
  let made = element("button", "language")
  made.type = "button"
  made.addEventListener("click", () => mayChange() && actions.run("document.language"))
  onLanguage(({ name }) => {
    made.textContent = name
    made.title = messages.language.button(name)
    made.setAttribute("aria-label", made.title)
  })
  return made
}
