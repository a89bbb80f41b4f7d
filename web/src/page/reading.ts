/**
 * A text that can only be read here, because another app keeps it in a form of its own: shown as the server reads it, and
 * kept up to date as the server tells of changes.
 * Knows no replica.
 */
import { element } from "./dom"

/** Shows a field of a document in the place of `host`; `onLines` is told what is shown. */
export function showReading(
  host: HTMLElement,
  document: string,
  field: string,
  onLines: (lines: readonly string[]) => void,
) {
  let api = `/api/docs/${encodeURIComponent(document)}`
  let page = element("article", "reading")
  page.tabIndex = 0
  host.replaceWith(page)
  let asking: Promise<void> | null = null
  let again = false
  let shown: string | null = null
  let read = async () => {
    // The browser asks whether the text that it has is still the latest.
    let answer = await fetch(`${api}/text?field=${encodeURIComponent(field)}`, { cache: "no-cache" })
    if (!answer.ok) return
    let text = await answer.text()
    if (text === shown) return
    shown = text
    let lines = text.split("\n")
    page.replaceChildren(...lines.map(line => element("p", "", line)))
    onLines(lines)
  }
  let refresh = () => {
    // However much is written meanwhile, one answer at a time.
    if (asking) again = true
    else
      asking = read()
        .catch(console.error)
        .then(() => {
          asking = null
          if (!again) return
          again = false
          refresh()
        })
  }
  let events = new EventSource(`${api}/events`)
  events.addEventListener("open", refresh)
  events.addEventListener("changed", refresh)
  refresh()
}
