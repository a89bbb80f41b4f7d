/**
 * What stands in the place of a document that this browser may not open.
 * Does not know whether there is such a document; nobody who asks is told.
 */
import { messages } from "../messages"
import { byId } from "./dom"

/** The parts of a page that make sense only with a document in it; not every page has all of them. */
const PARTS = ["editor", "people", "views", "share", "notice", "offline"]

/** Shows the page closed or open; `hasKey` is whether there was a key that did not fit. */
export function showClosed(closed: boolean, hasKey: boolean) {
  byId("closed", HTMLElement).hidden = !closed
  byId("closed-why", HTMLElement).textContent = hasKey ? messages.closed.badKey : messages.closed.noKey
  for (let part of PARTS) document.getElementById(part)?.toggleAttribute("hidden", closed)
}

/** Whether the page is shown closed. */
export function isClosed(): boolean {
  return !byId("closed", HTMLElement).hidden
}
