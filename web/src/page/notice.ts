/**
 * A line over the text about something that has happened to it, until it is put away.
 * Knows neither the editor nor why.
 */
import { messages } from "../messages"
import { copyText } from "./copy"
import { byId, element } from "./dom"

/** Something that can be taken along from a notice. */
export interface Keepsake {
  /** What the button that copies it says. */
  readonly label: string
  text(): string
}

/** Something that can be done about a notice, once. */
export interface Deed {
  readonly label: string
  run(): void
}

/** Says something; returns how to take that back when it is true no longer. */
export function notice(words: string, ...offers: readonly (Keepsake | Deed)[]): () => void {
  let line = byId("notice", HTMLElement)
  let said = element("p", "", words)
  let close = element("button", "link", messages.notice.close)
  close.type = "button"
  close.addEventListener("click", () => line.replaceChildren())
  let buttons = offers.map(offer => ("text" in offer ? copyButton(offer) : deedButton(offer)))
  line.replaceChildren(said, ...buttons, close)
  return () => {
    if (said.isConnected) line.replaceChildren()
  }
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

function deedButton({ label, run }: Deed): HTMLElement {
  let button = element("button", "link", label)
  button.type = "button"
  button.addEventListener("click", () => {
    button.disabled = true
    run()
  })
  return button
}

function copyButton({ label, text }: Keepsake): HTMLElement {
  let button = element("button", "link", label)
  button.type = "button"
  button.addEventListener("click", async () => {
    button.textContent = (await copyText(text())) ? messages.notice.copied : messages.notice.copyFailed
  })
  return button
}
