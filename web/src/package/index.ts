/**
 * `codraft`: a document for programs, without an editor.
 * Knows no element and no CodeMirror.
 */
import type { Session, SessionOptions } from "./api"
import { troubles } from "./errors"
import { LiveSession } from "./session"

export type { Role } from "../you"
export type { PeerState, Session, SessionEvents, SessionOptions, SessionStatus } from "./api"
export type { TokenProvider } from "./door"
export { CodraftError, type ErrorCode } from "./errors"
export type { User } from "./user"

/**
 * Opens a document and connects. Fails at once with a `CodraftError` when it is not said which, or where no browser is; what goes
 * wrong later is told by the event `error`.
 */
export function createSession(options: SessionOptions): Session {
  if (typeof window === "undefined") throw troubles.noBrowser()
  return new LiveSession(options)
}
