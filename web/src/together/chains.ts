/**
 * Who follows whom, as chains that must not become rings: two people who follow each other would never get anywhere.
 * Knows keys, no people.
 */

/** Whether following `from` to whomever they follow, and so on, comes to `to`. */
export function leadsTo(follows: ReadonlyMap<string, string>, from: string, to: string): boolean {
  let seen = new Set<string>()
  for (let at: string | undefined = from; at && !seen.has(at); at = follows.get(at)) {
    if (at === to) return true
    seen.add(at)
  }
  return false
}

/** Whether `me` is in a ring and is who has to let go: all pages come to the same answer without asking each other. */
export function hasToLetGo(follows: ReadonlyMap<string, string>, me: string): boolean {
  let next = follows.get(me)
  if (!next || !leadsTo(follows, next, me)) return false
  let least = me
  for (let at = next; at !== me; at = follows.get(at) ?? me) if (at < least) least = at
  return least === me
}
