/**
 * The status line in the page's header, and the warning before leaving with unsaved words.
 * Knows when to look at the facts; what they mean is `status.ts`'s.
 */
import type { Status, StatusFacts } from "../client"
import type { Connection } from "../connection"
import { byId } from "./dom"
import { brokenLine, type StatusLine, statusLine } from "./status"

/** How often the line is looked at while it changes by itself, and how long a state must last to be spoken. */
const TICK_MS = 100
const SPEAK_MS = 1_500
/** How long all must be saved before the line says so: during typing it would flicker with every key. */
const CALM_MS = 300

/** Shows a replica's status until the page goes. */
export class StatusView {
  private readonly status = byId("status", HTMLElement)
  private readonly announcer = byId("announcer", HTMLElement)
  private readonly retry = byId("retry", HTMLButtonElement)
  private scheduled = false
  private ticking = 0
  private speaking = 0
  /** What is spoken once it has lasted, or was. */
  private lasting = ""
  private savedSince = 0
  private edited = false
  private broken = false
  /** What is said from now on, whatever the replica does. */
  private fixed: StatusLine | null = null

  constructor(
    private readonly connection: Connection,
    private readonly mayWrite: () => boolean,
    /** Told the facts after each look; they are gone when it returns. */
    private readonly onLook: (facts: StatusFacts) => void,
  ) {
    this.retry.addEventListener("click", () => this.tryNow())
    window.addEventListener("online", () => this.tryNow())
    window.addEventListener("offline", () => {
      connection.attempt(replica => replica.networkLost())
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

  /** The text cannot be written here: what the replica does is of no interest any more. */
  fix(line: StatusLine) {
    this.fixed = line
    this.look()
  }

  private look() {
    clearTimeout(this.ticking)
    if (this.fixed) return this.show(this.fixed)
    let facts = this.broken ? undefined : this.connection.attempt(replica => replica.status())
    if (facts) this.lookAt(facts)
    // A replica that has just failed was replaced, and wakes us; or it was not, and we have been told.
    else if (this.broken) this.show(brokenLine)
  }

  private lookAt(facts: Status) {
    let line = statusLine(facts, navigator.onLine, this.mayWrite())
    let calm = this.isCalm(line)
    if (calm) this.show(line)
    this.onLook(facts)
    if (!calm || facts.retryInMs >= 0) this.ticking = window.setTimeout(() => this.refresh(), TICK_MS)
    facts.free()
  }

  /** Whether a line may be shown now: only "saved" has to wait for calm after "saving", else for what has arrived. */
  private isCalm({ state }: StatusLine): boolean {
    if (state !== "saved") this.savedSince = 0
    else this.savedSince ||= performance.now()
    let shown = this.status.dataset.state
    if (state !== "saved" || shown === "saved") return true
    if (shown === "saving") return performance.now() - this.savedSince >= CALM_MS
    // Until the document is in the editor it may turn out to be one in which nothing can be kept.
    return this.connection.attempt(replica => replica.waiting()) === 0
  }

  private show({ state, text, spoken, canRetry }: StatusLine) {
    if (this.status.textContent !== text) this.status.textContent = text
    this.status.dataset.state = state
    this.status.title = text
    this.retry.hidden = !canRetry
    // Saving is the ordinary course of typing: spoken each time it would drown the text.
    this.speakOnceItLasts(state === "saving" ? "" : spoken)
  }

  /** Only other words begin to wait anew: a countdown shows the same ones ten times a second. */
  private speakOnceItLasts(words: string) {
    if (words === this.lasting) return
    this.lasting = words
    clearTimeout(this.speaking)
    if (words) this.speaking = window.setTimeout(() => this.speak(words), SPEAK_MS)
  }

  private speak(words: string) {
    if (this.announcer.textContent !== words) this.announcer.textContent = words
  }

  private tryNow() {
    // What was refused stays so until the page is loaded again: meanwhile it would let people write in vain.
    if (this.broken || this.fixed || this.status.dataset.state === "refused") return
    this.connection.attempt(replica => replica.retryNow())
    this.refresh()
  }

  private isUnsaved(): boolean {
    if (this.broken || this.fixed || !this.edited) return this.broken
    let facts = this.connection.attempt(replica => replica.status())
    let unsaved = !facts?.saved
    facts?.free()
    return unsaved
  }
}
