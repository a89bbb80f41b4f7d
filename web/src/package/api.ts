/**
 * What apps see of a document: everything a session can be asked and told.
 * Knows no way in which it is done.
 */
import type { Role } from "../you"
import type { TokenProvider } from "./door"
import type { CodraftError } from "./errors"
import type { User } from "./user"

/** Which document is meant, where, and for whom. */
export interface SessionOptions {
  /** The document's name: 1 to 1,024 bytes. */
  readonly doc: string
  /** The server: `wss://docs.example.org`, also as `https:`. Defaults to the server of the page. */
  readonly server?: string
  /** What lets this person in where the server asks for it: a token, or the secret of a link. */
  readonly token?: string
  /** Brings a fresh token for each attempt to connect; goes before `token`. */
  readonly tokenProvider?: TokenProvider
  /** Who writes. Defaults to a guest whom this browser remembers. */
  readonly user?: User
  /** Which of the document's texts. Defaults to `content`, the one that Codraft's page shows. */
  readonly field?: string
  /** Whether the document is kept on this device, to be there without a network. Defaults to no. */
  readonly offline?: boolean
  /** Where `codraft.wasm` is, when it is not beside the package's other files. */
  readonly wasmUrl?: string
  /** Whether it connects by itself. Defaults to yes. */
  readonly connects?: boolean
}

/** How things stand. */
export interface SessionStatus {
  readonly state:
    | "connecting"
    | "saved"
    | "saving"
    | "offline"
    | "reconnecting"
    | "refused"
    | "notsaved"
    | "reading"
  /** The same in words for the person who writes. */
  readonly text: string
  /** The same for who listens, without a running countdown. */
  readonly spoken: string
  /** It waits before it tries again: `connect()` does not. */
  readonly canRetry: boolean
  /** Every word typed here is on the server's disk. */
  readonly isSaved: boolean
  /** What this person may do; null until the server has said so. */
  readonly role: Role | null
  /** Why the server has ended the connection for good; 0 when it has not. */
  readonly closeCode: number
}

/** One connection of somebody else. Offsets are UTF-16 units of the text. */
export interface PeerState {
  /** Tells connections apart. */
  readonly client: number
  /** Tells people apart; empty when their program does not say who they are. */
  readonly id: string
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
  /** Where their selection begins, and where its cursor is; -1 when they show none. */
  readonly anchor: number
  readonly head: number
}

/** What a session tells, and with what. */
export interface SessionEvents {
  /** The document is here, for the first time. */
  ready: undefined
  /** The text has changed, whoever did it. */
  change: undefined
  /** The document's title or its language has changed. */
  about: undefined
  status: SessionStatus
  peers: readonly PeerState[]
  /** Something is wrong that a developer can put right. */
  error: CodraftError
  /** The server does not let this person in, or not any more: bring another token, then `connect()`. */
  auth: { readonly code: number; readonly reason: string }
}

/** A document in this tab, kept in step with the server's. Offsets are UTF-16 units, line breaks `\n`. */
export interface Session {
  readonly doc: string
  /** The whole text. Empty until the document is here. */
  readonly text: string
  readonly status: SessionStatus
  /** Everybody else. */
  readonly peers: readonly PeerState[]
  /** The document's title and the language it is written in, for everybody; empty where nobody has said. */
  title: string
  language: string
  /** Whether there is something to undo, and to redo. */
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Resolves when the document is here; rejects with a `CodraftError` when it cannot come. */
  ready(): Promise<void>
  /** Connects, and reconnects whenever it has to. After a refusal it tries anew. */
  connect(): void
  /** Disconnects; the text can be read and changed all the same. */
  disconnect(): void
  /** Puts `insert` in the place of what stands between two offsets. Fails with a `RangeError` where there is no such place. */
  replace(from: number, to: number, insert: string): void
  /** Takes back the last step of this person; what others wrote stays. */
  undo(): void
  redo(): void
  /** Resolves when everything typed here is on the server's disk; rejects with a `CodraftError` when it cannot get there. */
  flush(): Promise<void>
  /** The whole document as a Yjs update, format v1. */
  getSnapshot(): Uint8Array<ArrayBuffer>
  /** The place at an offset, as JSON of a Yjs relative position: it stays where it is while everybody writes. */
  createAnchor(offset: number): string | null
  /** Where an anchor is now; null when what it was in is not in this document. */
  resolveAnchor(anchor: string): number | null
  /** Says who writes from now on. */
  setUser(user: User): void
  /** Calls `listener` from now on; returns how to stop. */
  on<Kind extends keyof SessionEvents>(kind: Kind, listener: (what: SessionEvents[Kind]) => void): () => void
  /** Ends it once all that was typed is on its way, and lets go of everything. Nothing else may be called afterwards. */
  end(): void
}
