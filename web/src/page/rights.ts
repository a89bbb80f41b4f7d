/**
 * Says what has become of a person's right to the document, and of the words that the server did not take any more.
 * Knows the facts as they are looked at; the line above the text says the same in short.
 */
import type { StatusFacts } from "../client"
import { messages } from "../messages"
import type { Access } from "./access"
import { isClosed, showClosed } from "./closed"
import { notice } from "./notice"
import { isShutOut } from "./status"

/** How long words may wait for an answer that was on its way when the right to write went. */
const ANSWER_MS = 1_000

/** Shows the person's right; `text` is what is in the editor. Returns what to call with the facts whenever they are looked at. */
export function rightsView(access: Access, text: () => string): (facts: StatusFacts) => void {
  let said = ""
  let takeBack = () => {}
  let timer = 0
  let say = (words: string, isUnsaved: boolean) => {
    if (words === said) return
    takeBack()
    said = words
    takeBack = words
      ? notice(words, isUnsaved ? { label: messages.notice.copyText, text } : undefined)
      : () => {}
  }
  let wait = () => {
    timer ||= window.setTimeout(() => say(messages.notice.readOnly, true), ANSWER_MS)
  }
  return facts => {
    let { everSynced, saved } = facts
    let shut = isShutOut(facts)
    let close = shut && !everSynced && saved
    if (close !== isClosed()) showClosed(close, access.hasKey)
    let isStranded = !saved && !access.mayWrite && facts.network === "live"
    if (isStranded && !said) return wait()
    clearTimeout(timer)
    timer = 0
    if (isStranded) return
    if (shut && !close) say(saved ? messages.notice.removed : messages.notice.removedUnsaved, !saved)
    else if (saved || access.mayWrite) say("", false)
  }
}
