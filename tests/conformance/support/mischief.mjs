/** Seeded random numbers, replayable by `CODRAFT_SEED`. */

/** The seed of this run; a failing test prints it. */
export const SEED = Number(process.env.CODRAFT_SEED ?? Math.floor(Math.random() * 2 ** 32))

/** Random whole numbers below `n`, the same for the same seed (mulberry32). */
export function below(seed) {
  let state = seed >>> 0
  return n => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n
  }
}
