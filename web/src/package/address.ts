/**
 * Where a server is, as an app says it.
 * Knows addresses, and nobody who goes there.
 */
import { nameProblem } from "../page/document-name"
import { troubles } from "./errors"

/** The address of a server: its sockets', and the one it answers at over HTTP; neither ends with a slash. */
export interface ServerAddress {
  readonly socket: string
  readonly http: string
}

const SCHEMES: Record<string, "" | "s"> = { "ws:": "", "http:": "", "wss:": "s", "https:": "s" }

/** The address in `server`; the page's own server where nothing is said. Fails with a `CodraftError`. */
export function serverAddress(server: string | undefined): ServerAddress {
  let written = server || location.origin
  let url = URL.canParse(written) ? new URL(written) : null
  let secure = url ? SCHEMES[url.protocol] : undefined
  if (!url || secure === undefined) throw troubles.wrongServer(written)
  let place = `${url.host}${url.pathname.replace(/\/+$/, "")}`
  return { socket: `ws${secure}://${place}`, http: `http${secure}://${place}` }
}

/** Where a document's socket is. Fails with a `CodraftError` when no document can have this name. */
export function socketAddress({ socket }: ServerAddress, doc: string | undefined): string {
  if (!doc) throw troubles.noDocument()
  if (nameProblem(doc)) throw troubles.badDocument(doc)
  return `${socket}/ws/${encodeURIComponent(doc)}`
}
