/**
 * The other tabs of this browser that have the same document.
 * Knows that something has happened to its copy, and hands on no text: that is in the store.
 */

type Word = "written" | "forgotten"

/** What another tab has done to the copy. */
export interface SiblingEvents {
  onWritten(): void
  onForgotten(): void
}

/** Listens to the other tabs of a document; returns how to tell them that there is more, and how to listen no longer. */
export function siblings(name: string, events: SiblingEvents): { written(): void; close(): void } {
  let channel = open(name)
  channel?.addEventListener("message", ({ data }) => {
    if (data === ("written" satisfies Word)) events.onWritten()
    else if (data === ("forgotten" satisfies Word)) events.onForgotten()
  })
  return {
    written: () => channel?.postMessage("written" satisfies Word),
    close: () => channel?.close(),
  }
}

/** Tells all tabs of a document that its copy is let go of. */
export function tellForgotten(name: string) {
  let channel = open(name)
  channel?.postMessage("forgotten" satisfies Word)
  channel?.close()
}

function open(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(`codraft:${name}`)
  } catch {
    // A browser that keeps nothing may not let tabs talk either.
    return null
  }
}
