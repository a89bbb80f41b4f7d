/**
 * Which languages are meant by what somebody types: a name, or what else they are called, or the end of a file name.
 * Knows no element and no grammar.
 */
import { fitting } from "./fuzzy"

/** A language in a list. */
export interface Offered {
  readonly id: string
  readonly name: string
  /** Said beside the name. */
  readonly beside: string
  readonly aliases: readonly string[]
}

/** Those that are meant, best first, with the UTF-16 units of the name that were typed. */
export function languagesFor(
  query: string,
  offered: readonly Offered[],
): readonly (readonly [Offered, readonly number[]])[] {
  let typed = query
    .trim()
    .toLowerCase()
    .replace(/^\*?\./, "")
  let named = fitting(typed, offered, ({ name }) => name).map(([language, { at }]) => [language, at] as const)
  if (!typed) return named
  // What is typed in full is meant, however well it fits elsewhere.
  let isMeant = ({ id, aliases }: Offered) => id === typed || aliases.includes(typed)
  let meant = offered.filter(isMeant)
  let atOf = (language: Offered) => named.find(([one]) => one === language)?.[1] ?? []
  return [
    ...meant.map(language => [language, atOf(language)] as const),
    ...named.filter(([language]) => !isMeant(language)),
  ]
}
