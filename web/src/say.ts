/**
 * Words for the person at the page from parts that do not know what page they are on.
 * Knows nobody who shows them: until a page has said how, they go to the console.
 */

let speak = (words: string) => console.warn(words)

/** Says something to the person. */
export function say(words: string) {
  speak(words)
}

/** Has words shown in a page's own way from now on. */
export function sayWith(speaker: (words: string) => void) {
  speak = speaker
}
