/**
 * What the page says about the text's safety, from the replica's facts alone.
 * Knows no element and no clock. The rule: never a word more reassuring than the facts.
 */
import type { StatusFacts } from "../client"
import { messages } from "../messages"

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
}

/** The line for these facts; `online` is what the browser believes of its network, `mayWrite` what the server allows. */
export function statusLine(facts: StatusFacts, online: boolean, mayWrite: boolean): StatusLine {
  switch (facts.network) {
    case "refused":
      return line("refused", refusal(facts))
    case "live":
      return mayWrite ? live(facts) : liveReading(facts)
    case "connecting":
      return facts.everSynced
        ? line("reconnecting", messages.status.reconnecting)
        : line("connecting", messages.status.connecting)
    case "offline":
      return offline(facts, online)
  }
}

/** Whether the server has taken the right to the document away, or never given it. */
export function isShutOut({ network, closeCode }: StatusFacts): boolean {
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

function live({ synced, saved, storageRefusing }: StatusFacts): StatusLine {
  if (storageRefusing) {
    return line("notsaved", saved ? messages.status.diskRefuses : messages.status.notSaved)
  }
  if (!synced) return line("connecting", messages.status.connecting)
  return saved ? line("saved", messages.status.saved) : line("saving", messages.status.saving)
}

/** For somebody who may only read; what they typed before that was so is not on its way anywhere. */
function liveReading({ synced, saved }: StatusFacts): StatusLine {
  if (!saved) return line("notsaved", messages.status.readOnlyUnsaved)
  return synced ? line("reading", messages.status.readOnly) : line("connecting", messages.status.connecting)
}

function offline({ saved, retryInMs, everSynced, reason }: StatusFacts, online: boolean): StatusLine {
  let words = saved ? messages.status.offline : messages.status.offlineKept
  // Somebody who has not seen the document yet waits for a reason; where their words are comes before it.
  if (!everSynced && saved && reason) words = messages.status.unavailable(reason)
  if (!online || retryInMs < 0) return { ...line("offline", words), canRetry: true }
  let retry = messages.status.retryIn(Math.max(1, Math.ceil(retryInMs / 1_000)))
  let alone = words === messages.status.offline
  return { state: "reconnecting", text: alone ? retry : `${words} · ${retry}`, spoken: words, canRetry: true }
}

function refusal(facts: StatusFacts): string {
  let { closeCode, reason, everSynced, saved } = facts
  if (isShutOut(facts)) {
    if (!everSynced && saved) return messages.status.noAccess
    let words = messages.status.removed[closeCode] ?? messages.status.noAccess
    return saved ? words : `${words} · ${messages.status.lastUnsaved}`
  }
  return messages.status.refused[closeCode] ?? messages.status.refusedOther(reason)
}

function line(state: StatusState, text: string): StatusLine {
  return { state, text, spoken: text, canRetry: false }
}
