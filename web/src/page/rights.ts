/**
 * Says what has become of a person's right to the document, and of the words that the server did not take any more. What
 * may not be opened any more is not kept on this device either, unless it is the only place that has those words.
 * Knows the facts as they are looked at; the line above the text says the same in short.
 */
import { messages } from "../messages"
import type { DeviceCopy } from "../store/device-copy"
import type { Access } from "./access"
import { isClosed, showClosed } from "./closed"
import { notice } from "./notice"
import { saveFile } from "./save-file"
import { isShutOut, type PageFacts } from "./status"

/** How long words may wait for an answer that was on its way when the right to write went. */
const ANSWER_MS = 1_000
/** How a server ends the connection to a document that was deleted. */
const GONE = 4404

/** Shows the person's right; `text` is what is in the editor. Returns what to call with the facts whenever they are looked at. */
export function rightsView(
  access: Access,
  copy: Pick<DeviceCopy, "keeping" | "forget">,
  text: () => string,
): (facts: PageFacts) => void {
  let said = ""
  let takeBack = () => {}
  let timer = 0
  let offers = [
    { label: messages.notice.copyText, text },
    { label: messages.notice.saveFile, run: () => saveFile(access.document, text()) },
  ]
  let deleteCopy = { label: messages.notice.deleteCopy, run: () => void copy.forget() }
  let say = (words: string, hasUnsaved: boolean, isOver = false) => {
    if (words === said) return
    takeBack()
    said = words
    let isKept = isOver && copy.keeping === "device"
    takeBack = words
      ? notice(words, ...(hasUnsaved ? offers : []), ...(hasUnsaved && isKept ? [deleteCopy] : []))
      : () => {}
  }
  let wait = () => {
    timer ||= window.setTimeout(() => say(messages.notice.readOnly, true), ANSWER_MS)
  }
  return facts => {
    let { everSynced, hasUnsaved, network, closeCode } = facts
    let shut = isShutOut(facts)
    let gone = network === "refused" && closeCode === GONE
    if ((shut || gone) && !hasUnsaved) copy.forget().catch(console.warn)
    let close = shut && !everSynced && !hasUnsaved
    if (close !== isClosed()) showClosed(close, access.hasKey)
    let isStranded = hasUnsaved && !access.mayWrite && network === "live"
    if (isStranded && !said) return wait()
    clearTimeout(timer)
    timer = 0
    if (isStranded) return
    let words = shut ? REMOVED : gone ? DELETED : null
    if (words && !close) say(hasUnsaved ? words.unsaved : words.saved, hasUnsaved, true)
    else if (!hasUnsaved || access.mayWrite) say("", false)
  }
}

const REMOVED = { saved: messages.notice.removed, unsaved: messages.notice.removedUnsaved }
const DELETED = { saved: messages.notice.deleted, unsaved: messages.notice.deletedUnsaved }
