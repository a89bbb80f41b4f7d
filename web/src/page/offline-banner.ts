/**
 * A line over the text while there is no connection: what that means for what is written now.
 * Knows the facts; the status line says the same in short, and at once.
 */
import { messages } from "../messages"
import { byId } from "./dom"
import type { PageFacts } from "./status"

/** How long there must be no connection: most are back sooner, and nobody needs to know. */
const LASTING_MS = 3_000

/** Returns what to call with the facts whenever they are looked at. */
export function offlineBanner(mayWrite: () => boolean): (facts: PageFacts) => void {
  let banner = byId("offline", HTMLElement)
  let words = byId("offline-words", HTMLElement)
  let timer = 0
  let show = (text: string) => {
    if (words.textContent !== text) words.textContent = text
    banner.hidden = false
  }
  return ({ network, keeping }) => {
    if (network === "live" || network === "refused") {
      clearTimeout(timer)
      timer = 0
      banner.hidden = true
      return
    }
    let text = !mayWrite() ? messages.offline.reader : messages.offline[keeping === "tab" ? "tab" : "device"]
    if (!banner.hidden) show(text)
    else timer ||= window.setTimeout(() => show(text), LASTING_MS)
  }
}
