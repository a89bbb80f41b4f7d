/**
 * Numbers as people read them.
 * Knows no words.
 */
const format = new Intl.NumberFormat("en")

/** A count, with its thousands apart. One format for all: to make one costs more than to use it a hundred times. */
export function count(number: number): string {
  return format.format(number)
}
