/**
 * By what right this page has its document: which key opens it, what the server says of the person, and the way in.
 * Knows no element and no text.
 */
import type { Door } from "../host"
import { Refusal } from "../line"
import { type AccessMode, ROLES, type Role, type You } from "../you"
import { apiOf, socketUrl } from "./document-name"
import { keepKeys, keysOf, takeKey } from "./keys"
import { accessRules, bearer, type Ticket, ticketFor } from "./tickets"

/** The right of this page to one document. */
export class Access implements Door {
  /** What the server has said of this person on this visit. */
  you: You | null = null
  /** What this person may do, as far as that is known; nothing is known yet of a key that was never used. */
  role: Role | null
  private readonly listeners = new Set<() => void>()
  /** The server has let this page in without a key, having refused those it has. */
  private isKeyless = false
  private remembered: AccessMode | null = null
  /** A ticket that was asked for before anybody needed it. */
  private early: Promise<Ticket> | null = null

  constructor(readonly document: string) {
    takeKey(document)
    let [key] = keysOf(document)
    this.role = key ? (key.role ?? null) : "owner"
    if (!key) return
    this.early = this.exchange(new AbortController().signal)
    // Whoever needs it hears of the failure.
    this.early.catch(() => {})
  }

  /** Whether this page has a key for the document at all; where access is open it needs none. */
  get hasKey(): boolean {
    return keysOf(this.document).length > 0
  }

  /** How people get in here. Before the server has said so: nobody has a key where none is needed. */
  get mode(): AccessMode {
    return this.you?.access ?? this.remembered ?? (this.hasKey ? "links" : "open")
  }

  /** How people got in on an earlier visit: so it is until the server says so. */
  remember(mode: AccessMode) {
    this.remembered = mode
  }

  /** Whether what is typed can be kept. */
  get mayWrite(): boolean {
    return this.role === "editor" || this.role === "owner"
  }

  /** What shows the server this page's right. */
  get headers(): Record<string, string> {
    let [key] = keysOf(this.document)
    return key && !this.isKeyless ? bearer(key.key) : {}
  }

  /** Whether it is by this key that the page has the document. */
  uses(key: string): boolean {
    return keysOf(this.document)[0]?.key === key
  }

  /** Calls `listener` whenever something has changed. */
  onChange(listener: () => void) {
    this.listeners.add(listener)
  }

  /** Takes the key that somebody has put into this page's address, if they have. */
  takeNewKey(): boolean {
    this.early = null
    return takeKey(this.document)
  }

  readonly address = (signal: AbortSignal): string | Promise<string> =>
    this.withTicket(socketUrl(this.document, location), signal)

  /** Where the server tells of changes, for who does not connect. */
  events(signal: AbortSignal): string | Promise<string> {
    return this.withTicket(`${apiOf(this.document)}/events`, signal)
  }

  /** Has the browser shown anew what it shows with each picture: that comes with a ticket, and is good for a day. */
  async renew() {
    if (this.hasKey) await this.exchange(new AbortController().signal)
  }

  told(you: You) {
    this.you = you
    this.become(you.role)
  }

  /** An address for one use, with a ticket behind it where one is needed. */
  private withTicket(address: string, signal: AbortSignal): string | Promise<string> {
    if (!this.hasKey) return address
    let ticket = this.takeEarly(signal) ?? this.exchange(signal)
    return ticket.then(({ ticket }) => (ticket ? `${address}?token=${encodeURIComponent(ticket)}` : address))
  }

  private takeEarly(signal: AbortSignal): Promise<Ticket> | undefined {
    let early = this.early?.then(ticket =>
      ticket.validUntil < performance.now() ? this.exchange(signal) : ticket,
    )
    this.early = null
    return early
  }

  /** The ticket of the best key; the others are let go of once it is certain which that is. */
  private async exchange(signal: AbortSignal): Promise<Ticket> {
    let keys = keysOf(this.document)
    let tried = await Promise.allSettled(keys.map(({ key }) => ticketFor(this.document, key, signal)))
    let best: { key: string; ticket: Ticket } | undefined
    let failures: unknown[] = []
    tried.forEach((result, at) => {
      let { key } = keys[at] ?? { key: "" }
      if (result.status === "rejected") failures.push(result.reason)
      else if (!best || rank(result.value.role) > rank(best.ticket.role)) best = { key, ticket: result.value }
    })
    let unknown = failures.find(error => !isFinal(error))
    if (!best) {
      if (unknown !== undefined) throw unknown
      return this.withoutKey(failures[0])
    }
    let { key, ticket } = best
    this.isKeyless = false
    if (unknown === undefined) keepKeys(this.document, [{ key, role: ticket.role }])
    this.become(ticket.role)
    return ticket
  }

  /** No key is any good: that matters only where keys are asked for. */
  private async withoutKey(refusal: unknown): Promise<Ticket> {
    let { mode } = await accessRules()
    if (mode !== "open") throw refusal
    this.isKeyless = true
    this.become("owner")
    return { ticket: "", role: "owner", validUntil: Number.POSITIVE_INFINITY }
  }

  private become(role: Role) {
    this.role = role
    for (let listener of this.listeners) listener()
  }
}

/** Whether a key is refused, rather than not answered for. */
function isFinal(error: unknown): boolean {
  return error instanceof Refusal && error.code >= 4400 && error.code <= 4499
}

function rank(role: Role): number {
  return ROLES.indexOf(role)
}
