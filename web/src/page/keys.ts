/**
 * The keys this browser holds for documents: taken out of addresses, kept for the next visit, shown nowhere.
 * Knows no server: what a key opens is found out by `access.ts`.
 */
import { isRole, type Role } from "../you"
import { isLasting, isRecord, recall, remember } from "./storage"

/** What opens a document: a link's secret, or a token. */
export interface Key {
  readonly key: string
  /** What it was good for when it was last used. */
  readonly role?: Role
}

const KEYS = "codraft.keys"
/** A document is opened with the best of those that came last. */
const MAX_KEYS = 3

/** The key in the fragment of an address, or nothing. */
export function keyIn(fragment: string): string | null {
  let key = new URLSearchParams(fragment.replace(/^#/, "")).get("key")
  return key && /^[\w.~-]{1,8192}$/.test(key) ? key : null
}

/** The key in a link to this server that somebody has typed or pasted, or nothing. */
export function keyTyped(typed: string, origin: string): string | null {
  let text = typed.trim()
  if (!URL.canParse(text)) return null
  let url = new URL(text)
  return url.origin === origin ? keyIn(url.hash) : null
}

/** The address of a document with a key in it. */
export function withKey(address: string, key: string): string {
  return `${address}#key=${encodeURIComponent(key)}`
}

/** An address for the next page: with the document's key in it, if this browser keeps none. */
export function carryKey(document: string, address: string): string {
  let [key] = keysOf(document)
  return key && !isLasting(KEYS) ? withKey(address, key.key) : address
}

/** Moves the key of the page's address, if it has one, among those that are kept; the address shows it no longer. */
export function takeKey(document: string): boolean {
  if (!/^#(.*&)?key=/.test(location.hash)) return false
  let key = keyIn(location.hash)
  history.replaceState(history.state, "", location.pathname + location.search)
  if (key) addKey(document, { key })
  return key !== null
}

/** The keys of a document, the newest first. */
export function keysOf(document: string): readonly Key[] {
  return allKept().get(document) ?? []
}

/** Keeps one more. */
export function addKey(document: string, key: Key) {
  let others = keysOf(document).filter(other => other.key !== key.key)
  keepKeys(document, [key, ...others].slice(0, MAX_KEYS))
}

/** Keeps these and no others. */
export function keepKeys(document: string, keys: readonly Key[]) {
  remember(KEYS, Object.fromEntries(allKept().set(document, keys)))
}

/** Keeps none of them. */
export function forgetKeys(document: string) {
  let kept = allKept()
  if (kept.delete(document)) remember(KEYS, Object.fromEntries(kept))
}

/** A map, because a document may be called what every object has. */
function allKept(): Map<string, readonly Key[]> {
  let kept = Object.entries(recall(KEYS, isRecord) ?? {})
  let lists = kept.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
  return new Map(lists.map(([document, keys]) => [document, keys.filter(isKey)]))
}

function isKey(value: unknown): value is Key {
  return isRecord(value) && typeof value.key === "string" && (value.role === undefined || isRole(value.role))
}
