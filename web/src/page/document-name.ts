/**
 * Names of documents: where they stand in an address, which are allowed, and new ones nobody can guess.
 * Knows the rules the server checks again; it never decides who may open what.
 */
import { adjectives, animals } from "./words"

/** The text that is shown of a document where its address names no other. */
export const CONTENT = "content"

/** Why a name cannot be used, as a key of the message catalogue. */
export type NameProblem = "empty" | "long" | "control" | "dots"

const MAX_BYTES = 1_024
/** Crockford's digits: no i, l, o or u to misread. 32 of them, five bits each. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"

/** What is wrong with a name, or nothing. */
export function nameProblem(name: string): NameProblem | null {
  if (!name) return "empty"
  if (new TextEncoder().encode(name).length > MAX_BYTES) return "long"
  if (/\p{Cc}/u.test(name)) return "control"
  // A browser folds such segments out of an address before the server sees them.
  if (name.split("/").some(part => part === "." || part === "..")) return "dots"
  return null
}

/** The page of a document, or of another of its texts than the usual one: other apps give theirs other names. */
export function pathOf(name: string, field: string = CONTENT): string {
  return `/d/${encodeURIComponent(name)}${field === CONTENT ? "" : `?field=${encodeURIComponent(field)}`}`
}

/** Where the server answers for a document over HTTP. */
export function apiOf(name: string): string {
  return `/api/docs/${encodeURIComponent(name)}`
}

/** The text that the query of a page's address asks for. */
export function fieldInQuery(query: string): string {
  return new URLSearchParams(query).get("field") || CONTENT
}

/** The name in the path of a page, or nothing when it has none. */
export function nameInPath(path: string): string | null {
  return nameIn(/^\/d\/([^/]+)$/.exec(path))
}

/** The same for a page in a frame. */
export function nameEmbedded(path: string): string | null {
  return nameIn(/^\/embed\/([^/]+)$/.exec(path))
}

function nameIn(found: RegExpExecArray | null): string | null {
  let segment = found?.[1]
  if (!segment) return null
  try {
    let name = decodeURIComponent(segment)
    return nameProblem(name) ? null : name
  } catch {
    return null
  }
}

/** Where the replica of a document connects. */
export function socketUrl(name: string, { protocol, host }: { protocol: string; host: string }): string {
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/ws/${encodeURIComponent(name)}`
}

/** What a person typed or pasted, as a name: a link to one of this server's documents counts as its name. */
export function nameTyped(typed: string, origin: string): string {
  let text = typed.trim()
  if (!URL.canParse(text)) return text
  let url = new URL(text)
  return (url.origin === origin && nameInPath(url.pathname)) || text
}

/**
 * A new name such as `quiet-otter-7k3fm-2xq9d`. Where access is open the name is the only key to the document,
 * so it carries 62 random bits (6 + 6 + 10 × 5): among a million documents, a stranger with a thousand guesses
 * a second needs about a century to meet one.
 */
export function newName(fill: (bytes: Uint8Array<ArrayBuffer>) => unknown = fillRandom): string {
  let bytes = new Uint8Array(12)
  fill(bytes)
  let pick = <T>(from: ArrayLike<T>, at: number) => from[(bytes[at] ?? 0) % from.length]
  let digits = Array.from({ length: 10 }, (_, i) => pick(DIGITS, i + 2)).join("")
  return `${pick(adjectives, 0)}-${pick(animals, 1)}-${digits.slice(0, 5)}-${digits.slice(5)}`
}

function fillRandom(bytes: Uint8Array<ArrayBuffer>) {
  crypto.getRandomValues(bytes)
}
