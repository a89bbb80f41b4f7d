/**
 * This browser's small memory: a name, a theme, recent documents.
 * Knows no meaning of what it keeps. Without storage, or on a page that is to leave nothing behind, what is kept is kept until
 * the page goes.
 */

/** What this page has kept since it was opened, as text. */
const held = new Map<string, string>()

let isClosed = false

/** From here on this page neither reads nor leaves anything in the browser. */
export function closeStorage() {
  isClosed = true
  held.clear()
}

/** Reads what was kept under `key`; nothing when it is missing, unreadable or not what `isValid` expects. */
export function recall<T>(key: string, isValid: (value: unknown) => value is T): T | undefined {
  try {
    let value: unknown = JSON.parse(stored(key) ?? "null")
    return isValid(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Keeps `value` under `key` for the next visit. */
export function remember(key: string, value: unknown) {
  let text = JSON.stringify(value)
  try {
    if (isClosed) throw new Error("this page keeps nothing")
    localStorage.setItem(key, text)
    held.delete(key)
  } catch {
    // A full or forbidden storage costs only the memory of a convenience.
    held.set(key, text)
  }
}

/** Whether what is kept under `key` is there for the next page, too. */
export function isLasting(key: string): boolean {
  return !isClosed && !held.has(key)
}

/** What was kept last is what holds, wherever there was room for it. */
function stored(key: string): string | null {
  return held.get(key) ?? (isClosed ? null : localStorage.getItem(key))
}

/** Whether a value from outside is an object whose fields can be looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
