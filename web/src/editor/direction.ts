/**
 * Which way a line of text is read.
 * Knows letters, and Markdown's marks, which are read neither way.
 */

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]|[\ud802\ud803\ud83a\ud83b]/
const STRONG = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]|\p{L}/u
/** A task's box has a letter, and an address begins most links: neither says how the words are read. */
const MARKS = /^[\s>#*_~`\-+\d.)[\]|]*(?:\[[xX]\]\s)?/

/** Whether anything in a text is read from right to left. */
export function hasRtl(text: string): boolean {
  return RTL.test(text)
}

/** The way of a line's first letter; null without one. */
export function directionOf(text: string): "ltr" | "rtl" | null {
  let words = text.replace(/^((?:\s{0,3}>\s?)*\s*(?:[-*+]|\d{1,9}[.)])\s+)\[[ xX]\]/, "$1").replace(MARKS, "")
  let letter = STRONG.exec(words)?.[0]
  return letter ? (RTL.test(letter) ? "rtl" : "ltr") : null
}
