/**
 * Starts the worker that draws a text.
 * Knows where it is, and nothing of what it is told.
 */

/** A worker that draws texts, one after the other. */
export function openWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })
}
