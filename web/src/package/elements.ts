/**
 * `codraft/element`: the elements as classes, which no tag is bound to yet.
 * Knows all of them.
 */
import { define } from "./base"
import { CodraftEditor } from "./element"
import { CodraftOutline } from "./outline"
import { CodraftPresence } from "./presence"
import { CodraftShare } from "./share"
import { CodraftStatus } from "./status-element"

export type { Role } from "../you"
export type { PeerState, Session, SessionStatus } from "./api"
export type { TokenProvider } from "./door"
export type { ExportFormat, Selection } from "./element"
export { CodraftError, type ErrorCode } from "./errors"
export type { UploadHandler } from "./uploads"
export type { User } from "./user"
export type { Words } from "./words"
export { CodraftEditor, CodraftOutline, CodraftPresence, CodraftShare, CodraftStatus }

/** Makes `codraft-editor`, `codraft-status`, `codraft-presence`, `codraft-outline` and `codraft-share` known, where they are not yet. */
export function defineElements() {
  define("codraft-editor", CodraftEditor)
  define("codraft-status", CodraftStatus)
  define("codraft-share", CodraftShare)
  define("codraft-presence", CodraftPresence)
  define("codraft-outline", CodraftOutline)
}

declare global {
  interface HTMLElementTagNameMap {
    "codraft-editor": CodraftEditor
    "codraft-status": CodraftStatus
    "codraft-presence": CodraftPresence
    "codraft-outline": CodraftOutline
    "codraft-share": CodraftShare
  }
}
