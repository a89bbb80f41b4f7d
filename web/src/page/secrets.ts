/**
 * The secrets of the links that were made in this browser, so that they can be copied again.
 * Knows no server, which keeps none of them itself.
 */
import { isRecord, recall, remember } from "./storage"

const SECRETS = "codraft.links"

/** Those of this visit, for browsers that keep nothing. */
const held = new Map<string, string>()

/** The secret of a link, if it was made here. */
export function secretOf(link: string): string | undefined {
  let kept = recall(SECRETS, isRecord)?.[link]
  return typeof kept === "string" ? kept : held.get(link)
}

export function keepSecret(link: string, secret: string) {
  held.set(link, secret)
  remember(SECRETS, { ...recall(SECRETS, isRecord), [link]: secret })
}

export function forgetSecret(link: string) {
  held.delete(link)
  let { [link]: _, ...others } = recall(SECRETS, isRecord) ?? {}
  remember(SECRETS, others)
}
