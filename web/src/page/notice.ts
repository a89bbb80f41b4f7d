/**
 * A line over the text about something that has happened to it, until it is put away.
 * Knows neither the editor nor why.
 */
import { messages } from "../messages"
import { copyText } from "./copy"
import { byId, element } from "./dom"

/** Says something; `keepsake` can be copied from it. */
export function notice(words: string, keepsake?: string) {
  let line = byId("notice", HTMLElement)
  let parts: HTMLElement[] = [element("p", "", words)]
  if (keepsake !== undefined) parts.push(copyButton(keepsake))
  let close = element("button", "link", messages.notice.close)
  close.addEventListener("click", () => line.replaceChildren())
  line.replaceChildren(...parts, close)
}

/** Says something with addresses to choose from, by their names. */
export function noticeOf(words: string, addresses: ReadonlyMap<string, string>) {
  let links = [...addresses].map(([name, address]) => {
    let link = element("a", "link", name)
    link.href = address
    return link
  })
  let choices = element("nav")
  choices.append(...links)
  byId("notice", HTMLElement).replaceChildren(element("p", "", words), choices)
}

function copyButton(text: string): HTMLElement {
  let button = element("button", "link", messages.notice.copy)
  button.addEventListener("click", async () => {
    button.textContent = (await copyText(text)) ? messages.notice.copied : messages.notice.copyFailed
  })
  return button
}
