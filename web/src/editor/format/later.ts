/**
 * A part of the program that comes when it is first needed.
 * Knows no part.
 */

/** Runs something with a part: at once when it is here, otherwise as soon as it is. Returns whether it was for this. */
export function later<T>(load: () => Promise<T>): (use?: (part: T) => boolean) => boolean {
  let part: T | null = null
  return (use = () => true) => {
    if (part) return use(part)
    load().then(loaded => {
      part = loaded
      use(loaded)
    }, console.warn)
    return true
  }
}
