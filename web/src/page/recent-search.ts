/**
 * Which recent documents are meant by what somebody types, and how long ago they were open, by the calendar.
 * Knows no element; values in, values out.
 */
import type { messages } from "../messages"
import type { Recent } from "./recents"

/** How long ago, as a heading. */
export type Age = keyof typeof messages.start.ages

const DAY_MS = 86_400_000

/** Those in whose title or name every word that is typed stands, whatever its case and accents, in the order they have. */
export function recentsFor(typed: string, among: readonly Recent[]): readonly Recent[] {
  let words = plain(typed).split(/\s+/).filter(Boolean)
  if (words.length === 0) return among
  return among.filter(({ title, name }) => {
    let called = plain(`${title}\n${name}`)
    return words.every(word => called.includes(word))
  })
}

/** In which part of the past a moment lies, by this browser's calendar. */
export function ageOf(at: number, now: number): Age {
  let days = Math.round((midnight(now) - midnight(at)) / DAY_MS)
  if (days <= 0) return "today"
  if (days === 1) return "yesterday"
  if (days <= 7) return "week"
  return days <= 30 ? "month" : "older"
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

/** Small letters without marks. */
function plain(words: string): string {
  return words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
}
