/**
 * Keeps the worker at the editor's text: tells it of edits when they have rested, one question at a time.
 * Knows the editor's documents and changes, and nothing of how they look.
 */
import type { ChangeSet, Text } from "@codemirror/state"
import { splicesOf } from "../editor/splices"
import { openWorker } from "./open-worker"
import type { Answer, Question } from "./worker"

/** How long typing rests before the preview follows, and how long it waits at most while somebody goes on. */
const REST_MS = 60
const MOST_MS = 400
/** A text that takes longer than this is not shown. */
const PATIENCE_MS = 15_000

/** What the feed tells. */
export interface FeedEvents {
  /** There is an answer; the next question waits until this resolves. */
  onAnswer(answer: Answer): Promise<void>
  /** The text takes too long, or what draws it has failed. */
  onFailure(reason: "tooLong" | "failed"): void
}

/** A worker that knows the text. */
export class Feed {
  private worker: Worker | null = null
  /** What the last question told, while it is under way; what is shown is from before that. */
  private told: ChangeSet | null = null
  /** What was edited since then. */
  private since: ChangeSet | null = null
  private isAsking = false
  private isOn = false
  private isWholeDue = true
  private timer = 0
  private patience = 0
  private waitingSince = 0
  /** How long the last answer took: the worker rests as long as it works. */
  private took = 0
  private idle: (() => void)[] = []

  /** The text that is shown, or nothing before there is any. */
  shown: Text | null = null
  /** The text that was asked about. */
  private asked: Text

  constructor(
    private doc: Text,
    private readonly events: FeedEvents,
  ) {
    this.asked = doc
  }

  /** Follows the text, or rests. */
  follow(isOn: boolean) {
    this.isOn = isOn
    if (isOn && (this.since || this.isWholeDue)) this.ask()
  }

  /** The text has changed. */
  edited(changes: ChangeSet, doc: Text) {
    this.doc = doc
    if (!this.isOn && !this.isAsking) {
      // Nobody looks: composing changes all the while would be for nothing.
      this.isWholeDue = true
      this.since = null
      return
    }
    this.since = this.since ? this.since.compose(changes) : changes
    this.askSoon()
  }

  /** Where a place in the text that is shown is by now; -1 if that cannot be said. */
  now(pos: number, side: -1 | 1): number {
    if (!this.shown || this.isWholeDue || (this.isAsking && !this.told)) return -1
    let told = this.told ? this.told.mapPos(pos, side) : pos
    return this.since ? this.since.mapPos(told, side) : told
  }

  /** Whether what is shown is the text as it is. */
  get isCurrent(): boolean {
    return !this.isAsking && !this.since && !this.isWholeDue
  }

  /** Resolves when that is so. */
  settled(): Promise<void> {
    if (this.isCurrent) return Promise.resolve()
    let settled = new Promise<void>(resolve => this.idle.push(resolve))
    this.ask()
    return settled
  }

  stop() {
    this.isOn = false
    clearTimeout(this.timer)
    clearTimeout(this.patience)
    this.worker?.terminate()
    this.worker = null
  }

  private askSoon() {
    if (this.isAsking || !this.isOn) return
    let now = performance.now()
    if (!this.timer) this.waitingSince = now
    clearTimeout(this.timer)
    let rest = Math.max(this.took, Math.min(REST_MS, Math.max(0, this.waitingSince + MOST_MS - now)))
    this.timer = window.setTimeout(() => whenIdle(() => this.ask()), rest)
  }

  private ask() {
    clearTimeout(this.timer)
    this.timer = 0
    if (this.isAsking || !(this.since || this.isWholeDue)) return
    this.isAsking = true
    this.asked = this.doc
    this.patience = window.setTimeout(() => this.failed("tooLong"), PATIENCE_MS)
    let question = this.question()
    this.told = this.isWholeDue ? null : this.since
    this.since = null
    this.isWholeDue = false
    this.worker ??= this.start()
    this.worker.postMessage(question, question.ranges ? [question.ranges.buffer] : [])
  }

  private question(): Question {
    return this.since && !this.isWholeDue ? splicesOf(this.since) : { text: this.doc.toString() }
  }

  private start(): Worker {
    let worker = openWorker()
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.answered(data))
    worker.addEventListener("error", event => {
      event.preventDefault()
      this.failed("failed")
    })
    return worker
  }

  private async answered(answer: Answer) {
    clearTimeout(this.patience)
    this.took = answer.took
    await this.events.onAnswer(answer)
    this.shown = this.asked
    this.told = null
    this.isAsking = false
    if (this.idle.length && (this.since || this.isWholeDue)) this.ask()
    else if (this.since) this.askSoon()
    else for (let resolve of this.idle.splice(0)) resolve()
  }

  /** Begins anew with the next edit. */
  private failed(reason: "tooLong" | "failed") {
    clearTimeout(this.patience)
    this.worker?.terminate()
    this.worker = null
    this.isAsking = false
    this.isWholeDue = true
    this.since = this.told = null
    for (let resolve of this.idle.splice(0)) resolve()
    this.events.onFailure(reason)
  }
}

/** Not between two keys of somebody who types. */
function whenIdle(work: () => void) {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 200 })
  else setTimeout(work)
}
