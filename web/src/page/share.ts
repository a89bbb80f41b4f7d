/**
 * The button that copies the document's link and says so.
 * Knows only the page's own address.
 */
import { messages } from "../messages"
import { copyText } from "./copy"
import { byId } from "./dom"

const FEEDBACK_MS = 2_000

/** Wires the copy button. */
export function copyLinkButton() {
  let button = byId("copy", HTMLButtonElement)
  let text = byId("copy-text", HTMLElement)
  let timer = 0
  button.addEventListener("click", async () => {
    let copied = await copyText(location.href)
    text.textContent = copied ? messages.share.copied : messages.share.failed
    button.dataset.state = copied ? "copied" : "failed"
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      text.textContent = messages.share.copy
      delete button.dataset.state
    }, FEEDBACK_MS)
  })
}
