/**
 * The status line in the page's header, and the warning before leaving with unsaved words.
 * Knows when to look at the facts; what they mean is `status.ts`'s.
 */
import type { Replica, StatusFacts } from "../client"
import { byId } from "./dom"
import { brokenLine, type StatusLine, statusLine } from "./status"

/** How often a countdown is redrawn, and how long a state must last before it is spoken. */
const COUNTDOWN_MS = 250
const SPEAK_MS = 1_500

/** Shows a replica's status until the page goes. */
export class StatusView {
  private readonly status = byId("status", HTMLElement)
  private readonly announcer = byId("announcer", HTMLElement)
  private readonly retry = byId("retry", HTMLButtonElement)
  private scheduled = false
  private countdown = 0
  private speaking = 0
  private edited = false
  private broken = false

  constructor(
    private readonly replica: Replica,
    /** Told the facts after each look; they are gone when it returns. */
    private readonly onLook: (facts: StatusFacts) => void,
  ) {
    this.retry.addEventListener("click", () => this.tryNow())
    window.addEventListener("online", () => this.tryNow())
    window.addEventListener("offline", () => {
      replica.networkLost()
      this.refresh()
    })
    window.addEventListener("beforeunload", event => {
      if (this.isUnsaved()) event.preventDefault()
    })
    this.refresh()
  }

  /** Looks at the facts again, once for all calls within a frame. */
  refresh() {
    if (this.scheduled) return
    this.scheduled = true
    let look = () => {
      this.scheduled = false
      this.look()
    }
    if (document.hidden) setTimeout(look)
    else requestAnimationFrame(look)
  }

  /** This person has changed the text: leaving before it is saved is worth a warning. */
  noteEdit() {
    this.edited = true
    this.refresh()
  }

  /** The replica has failed for good. */
  showBroken() {
    this.broken = true
    this.look()
  }

  private look() {
    clearTimeout(this.countdown)
    if (this.broken) return this.show(brokenLine)
    let facts = this.replica.status()
    this.show(statusLine(facts, navigator.onLine))
    this.onLook(facts)
    if (facts.retryInMs >= 0) this.countdown = window.setTimeout(() => this.refresh(), COUNTDOWN_MS)
    facts.free()
  }

  private show({ state, text, spoken, canRetry }: StatusLine) {
    if (this.status.textContent !== text) this.status.textContent = text
    this.status.dataset.state = state
    this.status.title = text
    this.retry.hidden = !canRetry
    clearTimeout(this.speaking)
    // Saving is the ordinary course of typing: spoken each time it would drown the text.
    if (state !== "saving") this.speaking = window.setTimeout(() => this.speak(spoken), SPEAK_MS)
  }

  private speak(words: string) {
    if (this.announcer.textContent !== words) this.announcer.textContent = words
  }

  private tryNow() {
    if (this.broken) return
    this.replica.retryNow()
    this.refresh()
  }

  private isUnsaved(): boolean {
    if (this.broken || !this.edited) return this.broken
    let facts = this.replica.status()
    let unsaved = !facts.saved
    facts.free()
    return unsaved
  }
}
