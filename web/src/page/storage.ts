/**
 * This browser's small memory: a name, a theme, recent documents.
 * Knows no meaning of what it keeps, and works without storage: then nothing is remembered.
 */

/** Reads what was kept under `key`; nothing when it is missing, unreadable or not what `isValid` expects. */
export function recall<T>(key: string, isValid: (value: unknown) => value is T): T | undefined {
  try {
    let value: unknown = JSON.parse(localStorage.getItem(key) ?? "null")
    return isValid(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Keeps `value` under `key` for the next visit. */
export function remember(key: string, value: unknown) {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A full or forbidden storage costs only the memory of a convenience.
  }
}

/** Whether a value from outside is an object whose fields can be looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
