/**
 * A text that can only be read here, because another app keeps it in a form of its own: shown as the server reads it, and
 * kept up to date as the server tells of changes.
 * Knows no replica.
 */
import { Refusal } from "../line"
import type { Access } from "./access"
import { apiOf } from "./document-name"
import { element } from "./dom"

/** How long until the server's events are asked for again. */
const AGAIN_MS = 2_000

/** What the page hears of a text that is read. */
export interface ReadingEvents {
  /** What is shown. */
  onLines(lines: readonly string[]): void
  /** It may not be read any more. */
  onRefused(): void
}

/** Shows a field of a document in the place of `host`. */
export function showReading(host: HTMLElement, access: Access, field: string, events: ReadingEvents) {
  let page = element("article", "reading")
  page.tabIndex = 0
  host.replaceWith(page)
  let shown: string | null = null
  let read = async () => {
    // The browser asks whether the text that it has is still the latest.
    let asked = `${apiOf(access.document)}/text?field=${encodeURIComponent(field)}`
    let answer = await fetch(asked, { cache: "no-cache", headers: access.headers })
    if (answer.status === 401 || answer.status === 403) events.onRefused()
    if (!answer.ok) return
    let text = await answer.text()
    if (text === shown) return
    shown = text
    let lines = text.split("\n")
    page.replaceChildren(...lines.map(line => element("p", "", line)))
    events.onLines(lines)
  }
  let refresh = oneAtATime(read)
  follow(access, refresh, events.onRefused)
  refresh()
}

/** Runs `work` when asked, and once more when asked meanwhile, however often. */
function oneAtATime(work: () => Promise<void>): () => void {
  let running: Promise<void> | null = null
  let again = false
  let run = () => {
    if (running) again = true
    else
      running = work()
        .catch(console.error)
        .then(() => {
          running = null
          if (!again) return
          again = false
          run()
        })
  }
  return run
}

/** Calls `onChange` whenever the document may have changed. */
async function follow(access: Access, onChange: () => void, onRefused: () => void) {
  let again = () => setTimeout(follow, AGAIN_MS, access, onChange, onRefused)
  let events: EventSource
  try {
    events = new EventSource(await access.events(new AbortController().signal))
  } catch (error) {
    if (error instanceof Refusal && error.code < 4500 && error.code >= 4400) onRefused()
    else again()
    return
  }
  events.addEventListener("open", onChange)
  events.addEventListener("changed", onChange)
  // The browser comes back by itself as long as its ticket is good; then it gives up, and a new one is needed.
  events.addEventListener("error", () => events.readyState === EventSource.CLOSED && again())
}
