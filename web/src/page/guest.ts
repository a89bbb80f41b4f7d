/**
 * By what a server knows this browser again among the guests of a link.
 * Knows no name. It is told to the server alone: whoever knew it could be taken for this guest.
 */
import { recall, remember } from "./storage"

const GUEST = "codraft.guest"

let guest = ""

/** 128 random bits in hex, the same for all documents and visits. */
export function guestId(): string {
  guest ||= recall(GUEST, isGuest) ?? invented()
  return guest
}

function invented(): string {
  let digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, "0"),
  )
  let made = digits.join("")
  remember(GUEST, made)
  return made
}

function isGuest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{32}$/.test(value)
}
