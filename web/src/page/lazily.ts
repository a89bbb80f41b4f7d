/**
 * Parts of the page that are loaded when somebody wants them; what is typed until they are there is meant for them.
 * Knows none of these parts.
 */
import { giveFocus } from "../editor/focus"
import { messages } from "../messages"
import { say } from "../say"
import { deepFocus, element } from "./dom"

/** How to use a part: it is given what was typed before it was there. */
export type Use<T> = (part: T, typed: string) => void

/** A part that `load` brings, once for the page. Escape, before it is there, means that it is wanted no more. */
export function lazily<T>(load: () => Promise<T>): (use: Use<T>) => void {
  let part: T | undefined
  let caught: Caught | null = null
  return async use => {
    if (part) return use(part, "")
    // Asked for twice: the first time is as good.
    if (caught) return
    let own = catchTyping(() => {
      if (caught === own) caught = null
    })
    caught = own
    try {
      part = await load()
    } catch (error) {
      console.warn("a part of the page could not be loaded:", error)
      if (caught === own) say(messages.notice.notLoaded)
    }
    if (caught !== own) return
    caught = null
    let typed = own.end()
    if (part) use(part, typed)
  }
}

/** Keys that are being caught; `end` gives the focus back and says which they were. */
interface Caught {
  end(): string
}

/** Takes the keys that somebody goes on typing. */
function catchTyping(onEscape: () => void): Caught {
  let before = deepFocus()
  let input = element("input", "unseen")
  input.setAttribute("aria-label", messages.loading)
  // Also on pages that do not know the class.
  input.style.position = "absolute"
  input.style.opacity = "0"
  let end = () => {
    let isThere = document.activeElement === input
    let { value } = input
    input.remove()
    if (isThere) giveFocus(before)
    return value
  }
  input.addEventListener("keydown", event => {
    if (event.key !== "Escape") return
    onEscape()
    end()
  })
  document.body.append(input)
  input.focus({ preventScroll: true })
  return { end }
}
