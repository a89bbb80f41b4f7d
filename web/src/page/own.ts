/**
 * The person at this page as the others see them: what the server says of them goes before what this browser does.
 * Knows no element.
 */
import type { You } from "../you"
import type { Person } from "./person"

/** This person, as shown. */
export interface Own {
  /** Tells their other tabs from other people. */
  readonly id: string
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
}

/** Who is shown for this browser's person, when the server says this of them, or nothing. */
export function ownAs(person: Person, you: You | null): Own {
  let name = you?.named ? you.name : aliasOf(person.name, you)
  return { id: you?.id || person.id, name: name || person.name, color: you?.color || person.color.color }
}

/**
 * The name under which the others see a guest whose own name somebody else has: the same with a number behind it. Anything
 * else that differs from their name is what they were called a moment ago.
 */
export function aliasOf(name: string, you: You | null): string | null {
  if (!you || you.named || you.name === name) return null
  let [, before] = /^(.+) \(\d+\)$/.exec(you.name) ?? []
  return before !== undefined && name.startsWith(before) ? you.name : null
}
