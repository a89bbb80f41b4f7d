/**
 * Other words than the English ones.
 * Knows the catalogue, in whose place they are put for a whole page.
 */
import { messages } from "../messages"

/** Some of the catalogue: what is left out stays as it is. */
export type Words = DeepPartial<typeof messages>

type DeepPartial<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> }
    : T extends string
      ? string
      : T

/** Puts words in the place of those of the same name. */
export function withWords(words: Words) {
  merge(messages as Record<string, unknown>, words as Record<string, unknown>)
}

function merge(into: Record<string, unknown>, from: Record<string, unknown>) {
  for (let [key, value] of Object.entries(from)) {
    if (!Object.hasOwn(into, key)) continue
    let known = into[key]
    if (typeof known === "object" && typeof value === "object")
      merge(known as Record<string, unknown>, value as Record<string, unknown>)
    else if (typeof known === typeof value) into[key] = value
  }
}
