/**
 * What there is to say and do about sharing a document: for its owner its links, for everybody else what they may do.
 * Is loaded when somebody asks for it. Knows the page's right, and leaves the links to `share-links.ts`.
 */
import "../styles/share.css"
import { messages } from "../messages"
import type { Access } from "./access"
import { copyText } from "./copy"
import { byId, element, icon } from "./dom"
import { linkManager } from "./share-links"
import { shownTitle } from "./shown-title"

/** What a part of the dialog says to who looks and to who listens. */
export interface Said {
  done(words: string): void
  problem(words: string): void
}

/** Opens the dialog with what is true now. Where everybody may do everything it is a note beside the button, not in the way. */
export function openShareDialog(access: Access, opener: HTMLElement) {
  let dialog = document.getElementById("share-dialog") ?? made()
  if (!(dialog instanceof HTMLDialogElement) || dialog.open || dialog.matches(":popover-open")) return
  let said = saying()
  byId("share-title", HTMLElement).textContent = messages.share.title(shownTitle())
  byId("share-body", HTMLElement).replaceChildren(...body(access, said))
  let isNote = access.mode === "open"
  dialog.classList.toggle("note", isNote)
  if (isNote) dialog.showPopover({ source: opener })
  else dialog.showModal()
}

function body(access: Access, said: Said): HTMLElement[] {
  if (access.mode === "open")
    return [element("p", "", messages.share.everyone), address(messages.share.address, said)]
  if (access.role === null) return [element("p", "", messages.share.connecting)]
  if (access.mode === "links" && access.role === "owner") return linkManager(access, said)
  let about = element("p", "", messages.share.may[access.role])
  return [about, address(messages.share.address, said), element("p", "hint", messages.share.plain)]
}

/** The frame of the dialog, once for the page. */
function made(): HTMLDialogElement {
  let dialog = element("dialog", "share")
  dialog.id = "share-dialog"
  dialog.popover = "auto"
  dialog.setAttribute("aria-labelledby", "share-title")
  let title = element("h2")
  title.id = "share-title"
  let head = element("header")
  head.append(title, closeButton(dialog))
  let done = element("p", "said")
  done.id = "share-done"
  done.setAttribute("role", "status")
  let problem = element("p", "problem")
  problem.id = "share-problem"
  problem.setAttribute("role", "alert")
  let inner = element("div", "share-body")
  inner.id = "share-body"
  dialog.append(head, inner, done, problem)
  // A click beside the dialog closes it, as it closes a popover.
  dialog.addEventListener("click", event => {
    if (event.target === dialog && dialog.matches(":modal")) dialog.close()
  })
  document.body.append(dialog)
  return dialog
}

function closeButton(dialog: HTMLDialogElement): HTMLButtonElement {
  let close = element("button", "button quiet")
  close.type = "button"
  close.setAttribute("aria-label", messages.share.close)
  close.title = messages.share.close
  close.append(icon("M5.5 5.5l9 9M14.5 5.5l-9 9"))
  close.addEventListener("click", () => (dialog.matches(":modal") ? dialog.close() : dialog.hidePopover()))
  return close
}

function saying(): Said {
  let done = byId("share-done", HTMLElement)
  let problem = byId("share-problem", HTMLElement)
  let say = (words: string, trouble: string) => {
    done.textContent = words
    problem.textContent = trouble
  }
  say("", "")
  return { done: words => say(words, ""), problem: words => say("", words) }
}

/** The plain address with a button that copies it. */
function address(label: string, said: Said): HTMLElement {
  let line = element("div", "address")
  let field = element("input")
  field.readOnly = true
  field.value = location.href
  field.setAttribute("aria-label", label)
  field.addEventListener("focus", () => field.select())
  let copy = element("button", "button", messages.share.copy)
  copy.type = "button"
  copy.autofocus = true
  copy.addEventListener("click", async () => {
    if (await copyText(location.href)) said.done(messages.share.copied)
    else said.problem(messages.share.linkCopyFailed)
  })
  line.append(field, copy)
  return line
}
