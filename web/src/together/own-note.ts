/**
 * What this page tells the others of the person at it, at most four times a second and only when it has changed.
 * Knows the replica that carries it, not what makes it true.
 */
import type { Connection } from "../connection"
import { NOTHING, type Note, written } from "./note"

/** The least time between two notes: what they say is coarse. */
const PACE_MS = 250

/** The note of this page. */
export class OwnNote {
  private note: Note = NOTHING
  private said = ""
  private lastAt = -PACE_MS
  private timer = 0

  constructor(private readonly connection: Connection) {}

  /** Says this from now on, beside what is said already. */
  say(part: Partial<Note>) {
    this.note = { ...this.note, ...part }
    if (this.timer || written(this.note) === this.said) return
    let wait = this.lastAt + PACE_MS - performance.now()
    if (wait <= 0) return this.tell()
    this.timer = window.setTimeout(() => {
      this.timer = 0
      this.tell()
    }, wait)
  }

  /** Says it to a replica that has not heard it. */
  again() {
    this.said = ""
    this.say({})
  }

  /** Says nothing more. */
  end() {
    clearTimeout(this.timer)
  }

  private tell() {
    let words = written(this.note)
    if (words === this.said) return
    this.said = words
    this.lastAt = performance.now()
    this.connection.attempt(replica => replica.setNote(words))
  }
}
