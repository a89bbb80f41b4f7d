/**
 * Repeatable chance for the tests: `CODRAFT_SEED` replays one case, otherwise each run takes its own.
 * Knows nothing of what is tested.
 */
export function seeds(count: number): number[] {
  let fixed = process.env.CODRAFT_SEED
  if (fixed) return [Number(fixed)]
  let first = Date.now() % 1_000_000
  return Array.from({ length: count }, (_, i) => first + i)
}

/** Numbers below `below`, the same ones for the same seed (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}
