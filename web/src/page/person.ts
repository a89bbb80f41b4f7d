/**
 * Who this browser says its person is: a name, a colour and an id that ties their tabs together.
 * Knows nobody else, and proves nothing: that is for servers with sign-in.
 */
import { messages } from "../messages"
import { type PeerColor, palette } from "../palette"
import { isRecord, recall, remember } from "./storage"
import { animals } from "./words"

/** Somebody who writes. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly color: PeerColor
  /** The colour is theirs by choice, and not only the first that came. */
  readonly hasChosen: boolean
}

/** Where the person is kept; other tabs watch it change. */
export const PERSON_KEY = "codraft.person"

/** The person of this browser, invented at the first visit. */
export function ownPerson(): Person {
  let kept = recall(PERSON_KEY, isKept)
  let color = palette.find(({ key }) => key === kept?.color)
  if (kept && color) return { ...kept, color, hasChosen: kept.hasChosen !== false }
  let person = stranger()
  keepPerson(person)
  return person
}

/** Remembers the person for the next visit. */
export function keepPerson({ id, name, color, hasChosen }: Person) {
  remember(PERSON_KEY, { id, name, color: color.key, hasChosen })
}

/** Somebody with a made-up name and any colour. */
export function stranger(random: () => number = Math.random): Person {
  let animal = animals[Math.floor(random() * animals.length)] ?? ""
  let name = messages.people.guest(animal.charAt(0).toUpperCase() + animal.slice(1))
  let color = palette[Math.floor(random() * palette.length)] ?? palette[0]
  let id = Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, "0"))
  return { id: id.join(""), name, color, hasChosen: false }
}

function isKept(value: unknown): value is { id: string; name: string; color: string; hasChosen?: unknown } {
  return (
    isRecord(value) &&
    typeof value.id === "string" &&
    typeof value.name === "string" &&
    typeof value.color === "string"
  )
}
