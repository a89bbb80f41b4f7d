/**
 * The document's title in the header, changed where it stands: a click or a key makes it a field, Enter keeps what is
 * typed, Escape does not.
 * Knows what the document is called, and not why.
 */
import type { About } from "../about"
import { actions } from "../actions"
import { messages } from "../messages"
import { byId, element } from "./dom"

/** Characters of a title: `TITLE_CHARS` in the core. */
const MAX_CHARACTERS = 200

/** Puts the title in the header; `back` takes the focus to the text when it has been changed by keyboard. */
export function titleView(about: About, back: () => void) {
  let heading = byId("name", HTMLElement)
  let shown = heading.textContent ?? ""
  let isWritable = false
  let field: HTMLInputElement | null = null

  function show() {
    if (field) return
    heading.title = shown
    heading.replaceChildren(isWritable ? button() : shown)
  }

  function button(): HTMLElement {
    let made = element("button", "title", shown)
    made.type = "button"
    made.setAttribute("aria-description", messages.title.hint)
    made.addEventListener("click", rename)
    return made
  }

  function rename() {
    if (field || !isWritable) return
    let typed = titleField(shown)
    field = typed
    typed.addEventListener("blur", () => close(true))
    typed.addEventListener("keydown", event => {
      // Enter that ends a composition is not meant for the title.
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return
      event.preventDefault()
      close(event.key === "Enter")
      back()
    })
    heading.replaceChildren(typed)
    typed.select()
  }

  function close(keeps: boolean) {
    let typed = field
    if (!typed) return
    field = null
    let words = typed.value.trim()
    // Whoever only looked has not called it by its first line.
    if (keeps && isWritable && words !== typed.defaultValue) about.say("title", words)
    show()
  }

  actions.add({
    id: "document.rename",
    title: messages.title.rename,
    group: "document",
    run: rename,
    isOffered: () => isWritable,
  })
  return {
    /** The document is called something else. */
    setTitle(title: string) {
      if (title === shown) return
      shown = title
      show()
    },
    /** Whether it may be renamed here and now. */
    setWritable(now: boolean) {
      if (now === isWritable) return
      isWritable = now
      if (!now) close(false)
      show()
    },
  }
}

function titleField(title: string): HTMLInputElement {
  let made = element("input", "title")
  made.type = "text"
  made.defaultValue = title
  made.maxLength = MAX_CHARACTERS
  made.autocomplete = "off"
  made.enterKeyHint = "done"
  made.setAttribute("aria-label", messages.title.field)
  return made
}
