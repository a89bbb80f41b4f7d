/**
 * Asking everyone to look at a place, and being asked: nobody is ever moved against their will.
 * Knows neither the editor nor how it is shown that somebody asks.
 */
import type { Ask } from "./note"
import type { OwnNote } from "./own-note"

/** How long a request stands: who comes later than that is not asked. */
const STANDS_MS = 15_000
/** The least time between two requests of one person that are shown. */
const PAUSE_MS = 8_000

/** Requests of this person. */
export class Asking {
  private timer = 0

  constructor(private readonly note: OwnNote) {}

  /** Asks everyone to look at an offset. */
  ask(at: number) {
    clearTimeout(this.timer)
    this.note.say({ asks: { id: Math.floor(Math.random() * 2 ** 31), at } })
    this.timer = window.setTimeout(() => this.note.say({ asks: null }), STANDS_MS)
  }
}

/** Requests of the others: each is heard once, and nobody can fill the page with them. */
export class Asked {
  private readonly heard = new Map<string, { id: number; at: number }>()

  /** Whether this request of somebody is a new one that is to be shown. */
  isNew(key: string, { id }: Ask, now: number): boolean {
    let last = this.heard.get(key)
    if (last?.id === id) return false
    this.heard.set(key, { id, at: last && now - last.at < PAUSE_MS ? last.at : now })
    return !last || now - last.at >= PAUSE_MS
  }
}
