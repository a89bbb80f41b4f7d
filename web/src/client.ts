/**
 * The replica in wasm as TypeScript sees it, and the one place that loads it.
 * Knows nothing of the editor: whoever shows the text asks for a connection and listens for its wake.
 */
import init, { Client } from "#wasm"

/** Changes to a text: triples `[from, to, insertedLength]` in offsets before the change, sorted and disjoint. */
export interface Splices {
  readonly ranges: Uint32Array
  /** All inserted text, in the order of the triples. */
  readonly inserted: string
}

/** What the replica hands to the editor in one go. */
export interface Changes extends Splices {
  /** The selection to restore after undo and redo; -1 when there is none. */
  readonly anchor: number
  readonly head: number
  free(): void
}

/** Everyone else in the document, one entry for each of their connections. */
export interface Presence {
  readonly clients: Float64Array
  readonly names: string[]
  readonly colors: string[]
  readonly colorsLight: string[]
  readonly ids: string[]
  /** Offsets in the text at the time of the call; -1 when that connection shows no caret. */
  readonly anchors: Int32Array
  readonly heads: Int32Array
  free(): void
}

/** The facts the page's status line is made from. */
export interface StatusFacts {
  readonly network: "connecting" | "live" | "offline" | "refused"
  /** The server's whole document has arrived on this connection. */
  readonly synced: boolean
  readonly everSynced: boolean
  /** Everything typed here is on the server's disk. */
  readonly saved: boolean
  readonly storageRefusing: boolean
  /** -1 when no retry is scheduled. */
  readonly retryInMs: number
  /** Why the server refused, 0 when it did not. */
  readonly closeCode: number
  readonly reason: string
}

/** `StatusFacts` while they still live in wasm memory. */
export interface Status extends StatusFacts {
  free(): void
}

/** The calls of the wasm client; offsets are UTF-16, line breaks are "\n". */
export interface Replica {
  connect(): void
  close(): void
  retryNow(): void
  networkLost(): void
  setUser(name: string, color: string, colorLight: string, id: string): void
  setCursor(anchor: number, head: number): void
  clearCursor(): void
  text(): string
  /** Whether the replica's text is exactly this. */
  matches(text: string): boolean
  edit(ranges: Uint32Array, inserted: string, anchor: number, head: number): void
  pull(): Changes | undefined
  waiting(): number
  undo(anchor: number, head: number): Changes | undefined
  redo(anchor: number, head: number): Changes | undefined
  canUndo(): boolean
  canRedo(): boolean
  closeUndoGroup(): void
  presence(): Presence | undefined
  status(): Status
  free(): void
}

/** A replica and the news that something waits in it. */
export interface Connection {
  readonly replica: Replica
  /** Calls `listener` whenever the replica has something to tell; returns how to stop. */
  onWake(listener: () => void): () => void
}

/** Loads the wasm and opens a replica of the document at `url`; it connects when told to. */
export async function openConnection(url: string): Promise<Connection> {
  await init({ module_or_path: new URL("../wasm/codraft_client_bg.wasm", import.meta.url) })
  let listeners = new Set<() => void>()
  let replica = new Client(url, () => {
    for (let listener of listeners) listener()
  })
  return {
    replica,
    onWake(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
