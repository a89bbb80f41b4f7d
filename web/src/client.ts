/**
 * The replica in wasm as TypeScript sees it.
 * Knows no calls but these, and nobody who makes them.
 */

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
  /** What their clients tell ours; empty when nothing. */
  readonly notes: string[]
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
  /** What its host has to tell: of the socket and of the timer. */
  opened(): void
  /** The same of a socket on which `GREETING` has been said. */
  openedGreeted(): void
  received(frame: Uint8Array): void
  closed(code: number, reason: string): void
  tick(): void
  connect(): void
  close(): void
  retryNow(): void
  networkLost(): void
  setUser(name: string, color: string, colorLight: string, id: string): void
  setCursor(anchor: number, head: number): void
  clearCursor(): void
  /** What this client tells others of ours: at most 512 bytes, empty for nothing. */
  setNote(note: string): void
  text(): string
  /** The whole document as one frame: for another replica, as if it had received it. */
  snapshot(): Uint8Array
  /** What was shown before the server's copy took this one's place, once, if that was another text. */
  takeLost(): string | undefined
  /** Whether the replica's text is exactly this. */
  matches(text: string): boolean
  /** The place at an offset, as JSON of a Yjs relative position; and where it is now, if it is in this text. */
  place(offset: number): string | undefined
  offsetOf(place: string): number | undefined
  edit(ranges: Uint32Array, inserted: string, anchor: number, head: number): void
  pull(): Changes | undefined
  /** Does now what the first edit would take time for. */
  prepare(): void
  waiting(): number
  undo(anchor: number, head: number): Changes | undefined
  redo(anchor: number, head: number): Changes | undefined
  canUndo(): boolean
  canRedo(): boolean
  closeUndoGroup(): void
  presence(): Presence | undefined
  /** The document's title and its language, empty where nobody has said them, when they have changed since the last call. */
  about(): string[] | undefined
  /** Says one of them, for everybody; an empty word takes it back. It is saved like what is typed. */
  setAbout(key: "title" | "language", words: string): void
  status(): Status
  free(): void
}
