/**
 * Finds out why a socket could not be opened: browsers keep that from pages, for good reasons.
 * Knows one request, whose answer it cannot read either.
 */
import type { ServerAddress } from "./address"
import { type CodraftError, troubles } from "./errors"

/** Whether anybody answers there at all decides what a developer has to do. */
export async function whyUnreachable(
  { socket, http }: ServerAddress,
  signal: AbortSignal,
): Promise<CodraftError> {
  try {
    await fetch(`${http}/api/access`, { mode: "no-cors", cache: "no-store", signal })
    return troubles.unwelcome(socket, location.origin)
  } catch {
    return troubles.silent(socket)
  }
}
