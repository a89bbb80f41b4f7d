/**
 * Times in the reader's own words: "yesterday", "in 6 days".
 * Knows no calendar beyond the lengths of its units.
 */

/** How long ago something was. What lies ahead, by a clock that goes wrong, is now. */
export function ago(at: number, now: number, language?: string): string {
  return relative(Math.min(0, (at - now) / 1_000), language)
}

/** How long until something is. What was chosen as 7 days is called that, and not 6, a moment later. */
export function hence(at: number, now: number, language?: string): string {
  return relative(Math.max(0, (at - now) / 1_000), language)
}

type Unit = readonly [Intl.RelativeTimeFormatUnit, number]
const SECOND: Unit = ["second", 1]
const UNITS: readonly Unit[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]

function relative(seconds: number, language?: string): string {
  let [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? SECOND
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(
    unit === "second" ? 0 : seconds < 0 ? Math.trunc(seconds / size) : Math.round(seconds / size),
    unit,
  )
}
