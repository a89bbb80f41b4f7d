/**
 * What stands in a text for a picture that is on its way: how it is written, found again and replaced.
 * Knows words only; nobody who uploads and nothing that is shown.
 */
import type { Text } from "@codemirror/state"
import { imageMessages } from "../../messages/images"

/** A place in the text where a picture is to come. */
export interface Placeholder {
  readonly from: number
  readonly to: number
  /** What the picture is called there; null where only an address stands. */
  readonly alt: string | null
  readonly id: string
}

/** Somebody, a minute and a number: `1x9k2f-t3k9z0-7qk2ma`. */
const ID = "[0-9a-z]{1,7}-[0-9a-z]{1,8}-[0-9a-z]{1,8}"
const PLACES = new RegExp(
  String.raw`!\[([^\]\n]*)\]\(uploading:(${ID})\)|uploading:(${ID})(?![-0-9a-z])`,
  "g",
)
const MINUTE_MS = 60_000
/** Characters of a picture's name. */
const NAME = 80

/** An id for an upload of this person that begins now. */
export function uploadId(person: string, now = Date.now()): string {
  let [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return [personTag(person), Math.floor(now / MINUTE_MS).toString(36), number.toString(36)].join("-")
}

/** A few letters that stand for a person: who they are stays out of the text. FNV-1a. */
export function personTag(person: string): string {
  let hash = 0x811c9dc5
  for (let byte of new TextEncoder().encode(person)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(36)
}

/** Whose upload it is, as `personTag` says it, and how old it is by this clock, in minutes. */
export function readId(id: string, now = Date.now()): { person: string; minutes: number } {
  let [person = "", began = ""] = id.split("-")
  return { person, minutes: Math.floor(now / MINUTE_MS) - Number.parseInt(began, 36) }
}

/** What a picture is called, by its file: nothing in it means anything in Markdown, and it stays on its line. */
export function nameOf(file: string): string {
  let base = file
    .replace(/\.[^.]{1,5}$/, "")
    .normalize("NFC")
    .toWellFormed()
  let plain = base
    .replace(/[[(<{]/g, "(")
    .replace(/[\])>}]/g, ")")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\`*_!|]+/gu, " ")
  let short = [...plain.replace(/\s+/g, " ").trim()].slice(0, NAME).join("")
  return short.trim() || imageMessages.unnamed
}

/** What stands for a picture until it is there. */
export function placeholder(name: string, id: string, isMarkdown: boolean): string {
  return isMarkdown ? `![${imageMessages.uploading(name)}](uploading:${id})` : `uploading:${id}`
}

/** What takes its place: what somebody has called the picture meanwhile stays. */
export function picture({ alt }: Placeholder, name: string, path: string, origin: string): string {
  if (alt === null) return origin + path
  return `![${alt === imageMessages.uploading(name) ? name : alt}](${path})`
}

/** The placeholders in a piece of text that begins at `offset`. */
export function placeholdersIn(text: string, offset = 0): Placeholder[] {
  return Array.from(text.matchAll(PLACES), match => {
    let [whole, alt, named, bare] = match
    let from = offset + match.index
    return { from, to: from + whole.length, alt: alt ?? null, id: named ?? bare ?? "" }
  })
}

/** Where an upload has its place, whatever was typed around it. */
export function findPlaceholder(doc: Text, id: string): Placeholder | undefined {
  let offset = 0
  for (let line of doc.iterLines()) {
    if (line.includes(id)) {
      let found = placeholdersIn(line, offset).find(place => place.id === id)
      if (found) return found
    }
    offset += line.length + 1
  }
  return undefined
}
