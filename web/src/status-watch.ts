/**
 * Looks at how a document stands whenever that may have changed, and says the line for people once it may be said.
 * Knows no element. Good news waits for calm: while somebody types it would come and go with every key.
 */
import type { Status } from "./client"
import type { Connection } from "./connection"
import { afterFrame } from "./frame"
import { brokenLine, type PageFacts, type StatusLine, type StatusState, statusLine } from "./page/status"
import type { Keeping } from "./store/device-copy"

/** How often the line is looked at while it changes by itself. */
const TICK_MS = 100
/** How long good news must last before the line tells them. */
const CALM_MS = 300

/** What is kept of this person's words beside the replica. */
export interface Copy {
  readonly hasUnsaved: boolean
  readonly keeping: Keeping
  told(facts: Pick<Status, "saved" | "network">): void
}

/** Who hears how things stand. */
export interface StatusListener {
  /** Told the facts after each look. */
  onLook(facts: PageFacts): void
  /** The line to be shown, which may be the one that is shown already. */
  show(line: StatusLine): void
}

/** Watches one connection. */
export class StatusWatch {
  private scheduled = false
  private ticking = 0
  /** Since when the line could have told the good news that it does not tell yet. */
  private calmSince = 0
  private shown: StatusLine | null = null
  private isBroken = false
  private isOver = false
  /** What is said from now on, whatever the replica does. */
  private fixed: StatusLine | null = null

  constructor(
    private readonly connection: Connection,
    private readonly copy: Copy,
    private readonly mayWrite: () => boolean,
    private readonly listener: StatusListener,
  ) {}

  /** Nothing that the replica does is of interest any more. */
  get isFixed(): boolean {
    return this.isBroken || this.fixed !== null
  }

  /** The replica has failed for good. */
  get hasFailed(): boolean {
    return this.isBroken
  }

  /** The state that is shown. */
  get state(): StatusState | undefined {
    return this.shown?.state
  }

  /** Looks at the facts again, once for all calls within a frame, and behind what it draws; the first time at once. */
  refresh() {
    if (this.scheduled || this.isOver) return
    this.scheduled = true
    let look = () => {
      this.scheduled = false
      this.look()
    }
    // Whether one may write is known from the first look on.
    if (this.shown) afterFrame(look)
    else setTimeout(look)
  }

  /** The replica has failed for good. */
  showBroken() {
    this.isBroken = true
    this.look()
  }

  /** The text cannot be written here: what the replica does is of no interest any more. */
  fix(line: StatusLine) {
    this.fixed = line
    this.look()
  }

  /** Looks no more. */
  end() {
    this.isOver = true
    clearTimeout(this.ticking)
  }

  private look() {
    clearTimeout(this.ticking)
    if (this.isOver) return
    if (this.fixed) return this.show(this.fixed)
    let facts = this.isBroken ? undefined : this.connection.attempt(replica => replica.status())
    if (facts) this.lookAt(facts)
    // A replica that has just failed was replaced, and wakes us; or it was not, and we have been told.
    else if (this.isBroken) this.show(brokenLine)
  }

  private lookAt(status: Status) {
    let facts = factsOf(status, this.copy)
    let line = statusLine(facts, navigator.onLine, this.mayWrite())
    let calm = this.isCalm(line)
    if (calm) this.show(line)
    this.listener.onLook(facts)
    if (!calm || facts.retryInMs >= 0) this.ticking = window.setTimeout(() => this.refresh(), TICK_MS)
  }

  /** Whether a line may be shown now: only good news have to wait for calm after worse ones, or for what has arrived. */
  private isCalm({ state, isCalming }: StatusLine): boolean {
    if (!isCalming) this.calmSince = 0
    else this.calmSince ||= performance.now()
    if (!isCalming || this.shown?.isCalming) return true
    if (state !== "saved" || this.shown?.state === "saving")
      return performance.now() - this.calmSince >= CALM_MS
    // Until the document is in the editor it may turn out to be one in which nothing can be kept.
    return this.connection.attempt(replica => replica.waiting()) === 0
  }

  private show(line: StatusLine) {
    this.shown = line
    this.listener.show(line)
  }
}

/** The facts with what the copy on this device adds to them; those of the replica are freed. */
function factsOf(status: Status, copy: Copy): PageFacts {
  let { network, synced, everSynced, saved, storageRefusing, retryInMs, closeCode, reason } = status
  status.free()
  let facts = { network, synced, everSynced, saved, storageRefusing, retryInMs, closeCode, reason }
  copy.told(facts)
  return { ...facts, hasUnsaved: copy.hasUnsaved, keeping: copy.keeping }
}
