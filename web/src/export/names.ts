/**
 * Names of files that every system takes.
 * Knows no file.
 */

const MAX_CHARACTERS = 80
/** What Windows keeps for itself, whatever comes behind the dot. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i

/** The name of a file for a document of this title; `otherwise` where nothing is left of it. */
export function fileName(title: string, extension: string, otherwise: string): string {
  let plain = title
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "")
    .replace(/[\\/:*?"<>|]/g, " ")
    .replace(/\s+/g, " ")
  let short = [...plain.trim()].slice(0, MAX_CHARACTERS).join("")
  // A dot in front hides a file, one at the end is dropped by some.
  let name = short.replace(/^[.\s]+|[.\s]+$/g, "") || otherwise
  return `${RESERVED.test(name) ? `_${name}` : name}.${extension}`
}
