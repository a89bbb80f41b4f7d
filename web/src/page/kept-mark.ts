/**
 * What the start page shows of what is kept on this device.
 * Knows no store: it is told.
 */
import { messages } from "../messages"
import { byId, element, icon } from "./dom"

/** Marks a document of which there is a copy: it opens without a network. Words that were not sent yet are said in words. */
export function keptMark(hasUnsaved: boolean): HTMLElement {
  let words = hasUnsaved ? messages.start.keptUnsaved : messages.start.kept
  let mark = element("span", hasUnsaved ? "kept unsaved" : "kept")
  mark.title = words
  mark.append(
    hasUnsaved ? icon("M10 16V5M5.5 9L10 4.5L14.5 9") : icon("M5.5 15.5h9M10 4v8.5M6.5 9.5L10 13l3.5-3.5"),
  )
  mark.append(element("span", hasUnsaved ? "" : "unseen", words))
  return mark
}

/** Says so while there is no connection. Returns how to say whether the server could be reached. */
export function offlineNote(): (isReached: boolean) => void {
  let note = byId("offline", HTMLElement)
  let reached = true
  let show = () => {
    note.hidden = navigator.onLine && reached
  }
  window.addEventListener("online", show)
  window.addEventListener("offline", show)
  show()
  return isReached => {
    reached = isReached
    show()
  }
}
