/**
 * Parts of the page that are loaded when somebody wants them; what is typed until they are there is meant for them.
 * Knows none of these parts.
 */
import { messages } from "../messages"
import { deepFocus, element } from "./dom"
import { notice } from "./notice"

/** How to use a part: it is given what was typed before it was there. */
export type Use<T> = (part: T, typed: string) => void

/** A part that `load` brings, once for the page. */
export function lazily<T>(load: () => Promise<T>): (use: Use<T>) => void {
  let part: T | undefined
  let isComing = false
  return async use => {
    if (part) return use(part, "")
    if (isComing) return
    isComing = true
    let typed = catchTyping()
    try {
      part = await load()
      use(part, typed())
    } catch (error) {
      console.warn("a part of the page could not be loaded:", error)
      typed()
      notice(messages.notice.notLoaded)
    }
    isComing = false
  }
}

/** Takes the keys that somebody goes on typing; the call returned gives the focus back, and says which they were. */
function catchTyping(): () => string {
  let before = deepFocus()
  let input = element("input", "unseen")
  input.setAttribute("aria-label", messages.loading)
  document.body.append(input)
  input.focus({ preventScroll: true })
  return () => {
    let isThere = document.activeElement === input
    let { value } = input
    input.remove()
    if (isThere) before?.focus({ preventScroll: true })
    return value
  }
}
