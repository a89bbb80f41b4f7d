/**
 * What the page says about the text's safety, from the replica's facts alone.
 * Knows no element and no clock. The rule: never a word more reassuring than the facts.
 */
import type { StatusFacts } from "../client"
import { messages } from "../messages"
import type { Keeping } from "../store/device-copy"

/** What the line is made from. */
export interface PageFacts extends StatusFacts {
  /** There are words of this person that the server is not known to have, typed now or on an earlier visit. */
  readonly hasUnsaved: boolean
  /** Where those are meanwhile. */
  readonly keeping: Keeping
}

/** The state shown, also as the status element's `data-state`. */
export type StatusState =
  | "connecting"
  | "saved"
  | "saving"
  | "offline"
  | "reconnecting"
  | "refused"
  | "notsaved"
  | "reading"

/** One line of status. */
export interface StatusLine {
  readonly state: StatusState
  readonly text: string
  /** What is said to people who listen rather than look: the same, without a running countdown. */
  readonly spoken: string
  readonly canRetry: boolean
  /** It calms: while somebody types it would come and go with every key, so that it waits until it has been so for a while. */
  readonly isCalming: boolean
}

/** The line for these facts; `online` is what the browser believes of its network, `mayWrite` what the server allows. */
export function statusLine(facts: PageFacts, online: boolean, mayWrite: boolean): StatusLine {
  switch (facts.network) {
    case "refused":
      return line("refused", refusal(facts))
    case "live":
      return mayWrite ? live(facts) : liveReading(facts)
    case "connecting":
      if (facts.hasUnsaved) return offline(facts, online)
      return facts.everSynced
        ? line("reconnecting", messages.status.reconnecting)
        : line("connecting", messages.status.connecting)
    case "offline":
      return offline(facts, online)
  }
}

/** Its words say already that nothing is saved any more. */
const TOO_LARGE = 4413

/** Whether the server has taken the right to the document away, or never given it. */
export function isShutOut({ network, closeCode }: Pick<StatusFacts, "network" | "closeCode">): boolean {
  return network === "refused" && (closeCode === 4401 || closeCode === 4403)
}

/** The line of a document that was open here and may not be any more. */
export const removedLine: StatusLine = line("refused", messages.status.removed[4401] ?? "")

/** The line of a text that can only be read here. */
export const readingLine: StatusLine = line("reading", messages.status.reading)

/** The line of what is no text, under the name that is asked for. */
export const notTextLine: StatusLine = line("refused", messages.status.refused[4415] ?? "")

/** The line when the replica itself has failed. */
export const brokenLine: StatusLine = line("notsaved", messages.status.broken)

function live({ synced, saved, storageRefusing }: PageFacts): StatusLine {
  if (storageRefusing) {
    return line("notsaved", saved ? messages.status.diskRefuses : messages.status.notSaved)
  }
  if (!synced) return line("connecting", messages.status.connecting)
  if (!saved) return line("saving", messages.status.saving)
  return { ...line("saved", messages.status.saved), isCalming: true }
}

/** For somebody who may only read; what they typed before that was so is not on its way anywhere. */
function liveReading({ synced, hasUnsaved }: PageFacts): StatusLine {
  if (hasUnsaved) return line("notsaved", messages.status.readOnlyUnsaved)
  return synced ? line("reading", messages.status.readOnly) : line("connecting", messages.status.connecting)
}

function offline(facts: PageFacts, online: boolean): StatusLine {
  let { network, hasUnsaved, keeping, retryInMs, everSynced, reason } = facts
  let words = hasUnsaved ? messages.status.offlineKept[keeping] : messages.status.offline
  // Somebody who has not seen the document yet waits for a reason; where their words are comes before it.
  if (!everSynced && !hasUnsaved && reason) words = messages.status.unavailable(reason)
  let isCalming = hasUnsaved && keeping === "device"
  let isTrying = network === "connecting"
  if (!isTrying && (!online || retryInMs < 0)) return { ...line("offline", words), canRetry: true, isCalming }
  let retry = isTrying
    ? messages.status.reconnecting
    : messages.status.retryIn(Math.max(1, Math.ceil(retryInMs / 1_000)))
  let text = words === messages.status.offline ? retry : `${words} · ${retry}`
  return { state: "reconnecting", text, spoken: words, canRetry: !isTrying, isCalming }
}

function refusal(facts: PageFacts): string {
  let { closeCode, reason, everSynced, hasUnsaved } = facts
  let words = messages.status.refused[closeCode] ?? messages.status.refusedOther(reason)
  if (isShutOut(facts)) {
    words = messages.status.removed[closeCode] ?? messages.status.noAccess
    if (!everSynced && !hasUnsaved) return messages.status.noAccess
  }
  return hasUnsaved && closeCode !== TOO_LARGE ? `${words} · ${messages.status.lastUnsaved}` : words
}

function line(state: StatusState, text: string): StatusLine {
  return { state, text, spoken: text, canRetry: false, isCalming: false }
}
