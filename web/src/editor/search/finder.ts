/**
 * Finds what is looked for without holding up the page: plain words here, a few milliseconds at a time, regular
 * expressions in a worker that is ended when one takes too long.
 * Knows texts, and no view.
 */
import type { Text } from "@codemirror/state"
import type { Pattern } from "./query"
import { type Found, type Span, scan } from "./scan"
import type { Answer, Question } from "./worker"

/** What is to be found. */
export interface Task {
  readonly text: Text
  readonly pattern: Pattern
  /** It was somebody's own regular expression. */
  readonly isRegexp: boolean
  readonly scope: Span
  /** What each match is to be replaced with, where its groups are named. */
  readonly template?: string | undefined
}

/** What became of it: found, given up because it takes too long, or no longer wanted because something else is. */
export type Outcome = Found | "slow" | "gone"

/** How long the page may be held up at a time. */
const SLICE_MS = 6
/** A pattern that shows no sign of life for so long is given up, and so is one that has not ended after all that time. */
const SILENCE_MS = 1_000
const PATIENCE_MS = 10_000

interface Asked {
  readonly id: number
  readonly task: Task
  answer(outcome: Outcome): void
  /** The worker has begun with it. */
  hasBegun: boolean
  readonly since: number
}

/** Finds one thing at a time: what is asked for later takes the place of what is not found yet. */
export class Finder {
  private id = 0
  private worker: Worker | null = null
  private asked: Asked | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  /** The text that was made a string last, and that string. */
  private text: Text | null = null
  private string = ""
  private workersText: Text | null = null

  /** Finds all of it. */
  find(task: Task): Promise<Outcome> {
    this.asked?.answer("gone")
    this.asked = null
    let id = ++this.id
    return task.isRegexp ? this.ask(id, task) : this.search(id, task)
  }

  /** Ends whatever goes on. */
  stop() {
    this.id++
    this.asked?.answer("gone")
    this.asked = null
    this.endWorker()
    this.text = null
    this.string = ""
  }

  private async search(id: number, task: Task): Promise<Outcome> {
    let { source, flags } = task.pattern
    let pattern = new RegExp(source, flags)
    let steps = scan({ pattern, text: this.stringOf(task.text), scope: task.scope })
    let since = performance.now()
    let step = steps.next()
    for (; !step.done; step = steps.next()) {
      if (performance.now() - since < SLICE_MS) continue
      await new Promise(resolve => setTimeout(resolve))
      if (id !== this.id) return "gone"
      since = performance.now()
    }
    return step.value
  }

  private ask(id: number, task: Task): Promise<Outcome> {
    return new Promise(resolve => {
      this.asked = {
        id,
        task,
        hasBegun: false,
        since: performance.now(),
        answer: outcome => {
          clearTimeout(this.timer)
          resolve(outcome)
        },
      }
      this.send(this.asked)
    })
  }

  private send({ id, task }: Asked) {
    let { pattern, scope, template, text } = task
    let isKnown = this.worker !== null && this.workersText === text
    this.worker ??= this.newWorker()
    this.workersText = text
    let question: Question = { id, pattern, scope, template, text: isKnown ? undefined : this.stringOf(text) }
    this.worker.postMessage(question)
    this.waitForSign()
  }

  private newWorker(): Worker {
    let worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.heard(data))
    worker.addEventListener("error", () => this.giveUp())
    return worker
  }

  private heard({ id, found }: Answer) {
    let { asked } = this
    if (asked?.id !== id) return
    asked.hasBegun = true
    if (found) {
      this.asked = null
      asked.answer(found)
    } else if (performance.now() - asked.since > PATIENCE_MS) this.giveUp()
    else this.waitForSign()
  }

  private waitForSign() {
    clearTimeout(this.timer)
    // A worker needs a moment to start, and so does the text to get there.
    this.timer = setTimeout(() => this.giveUp(), SILENCE_MS)
  }

  /** The worker is stuck: with what is wanted, or with something that nobody wants any more. */
  private giveUp() {
    let { asked } = this
    this.endWorker()
    if (!asked) return
    let hadItsChance = asked.hasBegun || performance.now() - asked.since > 3 * SILENCE_MS
    if (!hadItsChance) return this.send(asked)
    this.asked = null
    asked.answer("slow")
  }

  private endWorker() {
    clearTimeout(this.timer)
    this.worker?.terminate()
    this.worker = null
    this.workersText = null
  }

  private stringOf(text: Text): string {
    if (this.text === text) return this.string
    this.text = text
    this.string = text.toString()
    return this.string
  }
}
