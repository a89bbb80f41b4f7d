/**
 * Which actions somebody used last in the palette, kept by this browser.
 * Knows ids, and nothing of what they stand for.
 */
import { recall, remember } from "./storage"

const KEY = "codraft.recent-actions"
const MOST = 12

/** Their ids, used last first. */
export function recentActions(): readonly string[] {
  return recall(KEY, isIds) ?? []
}

/** Remembers that one was used. */
export function noteRecentAction(id: string) {
  remember(KEY, [id, ...recentActions().filter(other => other !== id)].slice(0, MOST))
}

function isIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(id => typeof id === "string")
}
