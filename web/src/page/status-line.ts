/**
 * The status line in the page's header, and the warning before leaving with unsaved words.
 * Knows when to look at the facts; what they mean is `status.ts`'s.
 */
import type { Status } from "../client"
import type { Connection } from "../connection"
import type { DeviceCopy } from "../store/device-copy"
import { byId } from "./dom"
import { brokenLine, type PageFacts, type StatusLine, statusLine } from "./status"

/** How often the line is looked at while it changes by itself, and how long a state must last to be spoken. */
const TICK_MS = 100
const SPEAK_MS = 1_500
/** How long good news must last before the line tells them: during typing it would flicker with every key. */
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
  /** Since when the line could have told the good news that it does not tell yet. */
  private calmSince = 0
  private isShownCalming = false
  private broken = false
  /** What is said from now on, whatever the replica does. */
  private fixed: StatusLine | null = null

  constructor(
    private readonly connection: Connection,
    private readonly copy: DeviceCopy,
    private readonly mayWrite: () => boolean,
    /** Told the facts after each look. */
    private readonly onLook: (facts: PageFacts) => void,
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

  private lookAt(status: Status) {
    let facts = factsOf(status, this.copy)
    let line = statusLine(facts, navigator.onLine, this.mayWrite())
    let calm = this.isCalm(line)
    if (calm) this.show(line)
    this.onLook(facts)
    if (!calm || facts.retryInMs >= 0) this.ticking = window.setTimeout(() => this.refresh(), TICK_MS)
  }

  /** Whether a line may be shown now: only good news have to wait for calm after worse ones, or for what has arrived. */
  private isCalm({ state, isCalming }: StatusLine): boolean {
    if (!isCalming) this.calmSince = 0
    else this.calmSince ||= performance.now()
    if (!isCalming || this.isShownCalming) return true
    let shown = this.status.dataset.state
    if (state !== "saved" || shown === "saving") return performance.now() - this.calmSince >= CALM_MS
    // Until the document is in the editor it may turn out to be one in which nothing can be kept.
    return this.connection.attempt(replica => replica.waiting()) === 0
  }

  private show({ state, text, spoken, canRetry, isCalming }: StatusLine) {
    this.isShownCalming = isCalming
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

  /** Whether leaving now loses words; what is kept on the device is sent when the document is opened again. */
  private isUnsaved(): boolean {
    if (this.broken || this.fixed) return this.broken
    let isKept = this.copy.keeping === "device" && this.status.dataset.state !== "notsaved"
    return this.copy.hasUnsaved && !isKept
  }
}

/** The facts with what the copy on this device adds to them; those of the replica are freed. */
function factsOf(status: Status, copy: DeviceCopy): PageFacts {
  let { network, synced, everSynced, saved, storageRefusing, retryInMs, closeCode, reason } = status
  status.free()
  let facts = { network, synced, everSynced, saved, storageRefusing, retryInMs, closeCode, reason }
  copy.told(facts)
  return { ...facts, hasUnsaved: copy.hasUnsaved, keeping: copy.keeping }
}
