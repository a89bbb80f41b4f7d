/**
 * Which parts of a list are still there in a newer one, so that only the others are made anew.
 * Knows the parts only by a number each.
 */

/** For each part of `next` the place of the same part in `old`, in rising order, or -1. */
export function kept(old: readonly number[], next: readonly number[]): Int32Array {
  let from = new Int32Array(next.length).fill(-1)
  match(old, next, from, 0, old.length, 0, next.length)
  return from
}

function match(
  old: readonly number[],
  next: readonly number[],
  from: Int32Array,
  oldStart: number,
  oldEnd: number,
  start: number,
  end: number,
) {
  while (oldStart < oldEnd && start < end && old[oldStart] === next[start]) from[start++] = oldStart++
  while (oldStart < oldEnd && start < end && old[oldEnd - 1] === next[end - 1]) from[--end] = --oldEnd
  if (oldStart === oldEnd || start === end) return
  // What is there once in both holds its place; between two such parts the search goes on.
  let anchors = rising(pairs(old, next, oldStart, oldEnd, start, end))
  if (!anchors.length) return
  for (let [oldAt, at] of [...anchors, [oldEnd, end] as const]) {
    match(old, next, from, oldStart, oldAt, start, at)
    if (at < end) from[at] = oldAt
    oldStart = oldAt + 1
    start = at + 1
  }
}

type Pair = readonly [oldAt: number, at: number]

/** Parts that are there once in both, in the order of the newer list. */
function pairs(
  old: readonly number[],
  next: readonly number[],
  oldStart: number,
  oldEnd: number,
  start: number,
  end: number,
): Pair[] {
  let before = placesOf(old, oldStart, oldEnd)
  let found: Pair[] = []
  for (let [part, at] of placesOf(next, start, end)) {
    let oldAt = before.get(part) ?? -1
    if (at >= 0 && oldAt >= 0) found.push([oldAt, at])
  }
  return found.sort((a, b) => a[1] - b[1])
}

/** Where each part is; -1 if at more than one place. */
function placesOf(parts: readonly number[], start: number, end: number): Map<number, number> {
  let places = new Map<number, number>()
  for (let at = start; at < end; at++) {
    let part = parts[at] ?? 0
    places.set(part, places.has(part) ? -1 : at)
  }
  return places
}

/** The longest run of pairs that rises in both lists. */
function rising(pairs: readonly Pair[]): Pair[] {
  let tails: number[] = []
  let before: number[] = []
  for (let [at, [oldAt]] of pairs.entries()) {
    let low = 0
    let high = tails.length
    while (low < high) {
      let middle = (low + high) >> 1
      if ((pairs[tails[middle] ?? 0]?.[0] ?? 0) < oldAt) low = middle + 1
      else high = middle
    }
    before[at] = tails[low - 1] ?? -1
    tails[low] = at
  }
  let run: Pair[] = []
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    let pair = pairs[at]
    if (pair) run.push(pair)
  }
  return run.reverse()
}
