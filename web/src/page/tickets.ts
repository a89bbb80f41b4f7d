/**
 * Exchanges a key for a ticket: good for a minute and one document, so that it may stand in an address.
 * Knows one request, and keeps nothing.
 */
import { Refusal } from "../line"
import { type AccessMode, isRole, type Role } from "../you"
import { apiOf } from "./document-name"
import { guestId } from "./guest"
import { isRecord } from "./storage"

/** What a key was exchanged for. */
export interface Ticket {
  /** Empty where access is open: nobody asks for one. */
  readonly ticket: string
  readonly role: Role
  /** On the page's clock, in ms. */
  readonly validUntil: number
}

/** How the server lets people in, and who may make documents. */
export interface Rules {
  readonly mode: AccessMode
  readonly creates: "everyone" | "admin"
}

/** A ticket is not used in its last seconds: it has to get there. */
const SPARE_MS = 15_000

/** The header that shows a key. */
export function bearer(key: string): Record<string, string> {
  return { Authorization: `Bearer ${key}` }
}

let isFramed = false

/** From here on tickets are for a page in a frame on another site's: the browser is to send what comes with them from there. */
export function inFrame() {
  isFramed = true
}

/** A ticket for a document; fails with a `Refusal` when the server has an answer but none that lets in. */
export async function ticketFor(document: string, key: string, signal: AbortSignal): Promise<Ticket> {
  let answer = await fetch(`${apiOf(document)}/ticket`, {
    method: "POST",
    headers: { ...bearer(key), "Content-Type": "application/json" },
    body: JSON.stringify({ guest: guestId(), ...(isFramed && { framed: true }) }),
    cache: "no-store",
    signal,
  })
  if (!answer.ok) throw new Refusal(codeOf(answer.status), await detailOf(answer))
  let made: unknown = await answer.json()
  if (!isRecord(made) || typeof made.ticket !== "string" || !isRole(made.role))
    throw new Error("not a ticket")
  let seconds = typeof made.validForSeconds === "number" ? made.validForSeconds : 0
  return { ticket: made.ticket, role: made.role, validUntil: performance.now() + seconds * 1_000 - SPARE_MS }
}

/** What the server says of its ways; open, if it does not say. */
export async function accessRules(): Promise<Rules> {
  let answer = await fetch("/api/access")
  let said: unknown = answer.ok ? await answer.json() : null
  let { mode, creates } = isRecord(said) ? said : {}
  return {
    mode: mode === "links" || mode === "tokens" ? mode : "open",
    creates: creates === "admin" ? "admin" : "everyone",
  }
}

/** The sentence in a refusal, if there is one. */
export async function detailOf(answer: Response): Promise<string> {
  let problem: unknown = await answer.json().catch(() => null)
  return isRecord(problem) && typeof problem.detail === "string" ? problem.detail : ""
}

/** How a socket would have ended for the same reason; what may be over in a while is tried again. */
function codeOf(status: number): number {
  if (status === 401) return 4401
  if (status === 403) return 4403
  return 1013
}
