/**
 * Finds out why a socket could not be opened: browsers keep that from pages, for good reasons.
 * Knows one request, whose answer it cannot read either.
 */
import type { ServerAddress } from "./address"
import { type CodraftError, troubles } from "./errors"

/** Whether anybody answers there at all decides what a developer has to do; who does may have come up since. */
export async function whyUnreachable(
  { socket, http }: ServerAddress,
  signal: AbortSignal,
): Promise<{ error: CodraftError; answers: boolean }> {
  try {
    await fetch(`${http}/api/access`, { mode: "no-cors", cache: "no-store", signal })
    return { error: troubles.unwelcome(socket, location.origin), answers: true }
  } catch {
    return { error: troubles.silent(socket), answers: false }
  }
}
