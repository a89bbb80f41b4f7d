/**
 * Notices that somebody comes back to the document, and tells them how much has changed since they were here.
 * Knows when somebody looks; what has changed is the editor's to say.
 */
import type { EditorView } from "@codemirror/view"
import { dropNews, gather, newsOf } from "../editor/news"
import type { PageFacts } from "./status"

/** Who was away for less has missed nothing that is worth a word. */
const AWAY_MS = 10 * 60_000
/** How often it is noted that somebody is here: what a sleeping machine does not do. */
const BEAT_MS = 30_000

/** When somebody last looked at the document while it was up to date. */
export interface Seen {
  seenAt: number
}

/** Watches who comes back to the text of `view`. Returns what to call with the facts whenever they are looked at. */
export function sinceLastHere(seen: Seen, view: EditorView): (facts: PageFacts, isShown: boolean) => void {
  let isGathering = true
  let isUpToDate = false
  let mark = (gathers: boolean) => {
    if (isGathering === gathers) return
    isGathering = gathers
    view.dispatch({ effects: gather.of(gathers) })
  }
  let look = () => {
    let isHere = isUpToDate && !document.hidden
    if (!isHere) return mark(true)
    let { seenAt } = seen
    seen.seenAt = Date.now()
    if (!isGathering) return
    mark(false)
    if (newsOf(view.state).length === 0) return
    if (seen.seenAt - seenAt < AWAY_MS) view.dispatch({ effects: dropNews.of(null) })
    else import("../elements/since").then(({ tellSince }) => tellSince(view, seenAt)).catch(console.warn)
  }
  view.dispatch({ effects: gather.of(true) })
  document.addEventListener("visibilitychange", look)
  setInterval(look, BEAT_MS)
  return ({ network, synced }, isShown) => {
    let was = isUpToDate
    isUpToDate = network === "live" && synced && isShown
    if (was !== isUpToDate) look()
  }
}
