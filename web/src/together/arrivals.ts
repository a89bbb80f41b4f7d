/**
 * Who has come and who has gone, told politely: never about those who were here before, several at a time, and not about a
 * page that is only loaded again.
 * Knows no clock and no words: it is told the time, and says who.
 */

/** How long somebody must be here, or gone, before it is worth a word. */
const CAME_MS = 1_200
const WENT_MS = 6_000
/** The least time between two announcements: meanwhile others gather. */
const PAUSE_MS = 5_000

/** Names of people, in the order in which they came or went. */
export interface News {
  readonly came: readonly string[]
  readonly went: readonly string[]
}

interface Change {
  readonly name: string
  readonly came: boolean
  readonly due: number
}

/** Compares who is here with who was. */
export class Arrivals {
  /** Those of whom it is known that they are here: their names. None before the first look. */
  private known: Map<string, string> | null = null
  private readonly changes = new Map<string, Change>()
  private quietUntil = 0

  /** Looks at who is here; `people` are names by key. Without a connection nobody is to be seen, which says nothing. */
  look(people: ReadonlyMap<string, string>, isLive: boolean, now: number) {
    if (!isLive) return
    if (!this.known) {
      this.known = new Map(people)
      return
    }
    for (let [key, name] of people) {
      if (this.known.has(key)) this.forget(key, false)
      else if (!this.changes.has(key)) this.changes.set(key, { name, came: true, due: now + CAME_MS })
    }
    for (let [key, name] of this.known) {
      if (people.has(key)) this.known.set(key, people.get(key) ?? name)
      else if (!this.changes.has(key)) this.changes.set(key, { name, came: false, due: now + WENT_MS })
    }
    for (let [key, change] of this.changes) if (change.came && !people.has(key)) this.changes.delete(key)
  }

  /** What is to be announced now; several who are about to be due go along with the first. */
  take(now: number): News | null {
    let isDue = [...this.changes.values()].some(({ due }) => due <= now)
    if (!isDue || now < this.quietUntil) return null
    let news = { came: [] as string[], went: [] as string[] }
    for (let [key, { name, came, due }] of this.changes) {
      if (due > now && !came) continue
      ;(came ? news.came : news.went).push(name)
      if (came) this.known?.set(key, name)
      else this.known?.delete(key)
      this.changes.delete(key)
    }
    this.quietUntil = now + PAUSE_MS
    return news
  }

  /** When to call `take` next; nothing when there is no need. */
  get due(): number | null {
    let first = Math.min(...[...this.changes.values()].map(({ due }) => due))
    return Number.isFinite(first) ? Math.max(first, this.quietUntil) : null
  }

  private forget(key: string, came: boolean) {
    if (this.changes.get(key)?.came === came) this.changes.delete(key)
  }
}
