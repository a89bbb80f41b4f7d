/**
 * The button that shares the document. Where access is open it copies the address at once; everywhere it opens what there
 * is to say and do about sharing.
 * Knows the page's own address, and loads the rest when it is wanted.
 */
import { messages } from "../messages"
import type { Access } from "./access"
import { copyText } from "./copy"
import { byId } from "./dom"

const FEEDBACK_MS = 2_000

/** Wires the button. */
export function shareButton(access: Access) {
  let button = byId("share", HTMLButtonElement)
  let words = byId("share-text", HTMLElement)
  let timer = 0
  let rest = () => {
    let text = access.mode === "open" ? messages.share.copy : messages.share.open
    if (!button.dataset.state && words.textContent !== text) words.textContent = text
  }
  let say = (text: string, state: string) => {
    words.textContent = text
    button.dataset.state = state
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      delete button.dataset.state
      rest()
    }, FEEDBACK_MS)
  }
  // Asked for while the finger is still on its way; the answer stays in the browser.
  let load = () => import("./share-dialog")
  button.addEventListener("pointerenter", () => load().catch(() => {}))
  button.addEventListener("click", async () => {
    let copied = access.mode === "open" && (await copyText(location.href))
    if (copied) say(messages.share.copied, "copied")
    else if (access.mode === "open") say(messages.share.failed, "failed")
    let { openShareDialog } = await load()
    openShareDialog(access, button)
  })
  access.onChange(rest)
  rest()
}
