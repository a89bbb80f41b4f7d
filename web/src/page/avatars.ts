/**
 * Who is here, as round initials in the header: oneself first, then the others, then how many more.
 * Knows no text and no replica; a click says whose caret is wanted.
 */
import { messages } from "../messages"
import { inkOn } from "../palette"
import { byId, element } from "./dom"
import type { Own } from "./own"
import { initials, type Participant } from "./people"

/** As many of the others as fit beside the name of a document, and on a phone. */
const MAX_SHOWN = 5
const MAX_SHOWN_NARROW = 2
const narrow = matchMedia("(max-width: 34rem)")

/** Shows the people; `onChoose` hears the key of the one clicked. */
export function showPeople(own: Own, others: readonly Participant[], onChoose: (key: string) => void) {
  let list = byId("people", HTMLUListElement)
  let room = narrow.matches ? MAX_SHOWN_NARROW : MAX_SHOWN
  let shown = others.length > room ? others.slice(0, room - 1) : others
  let items = [ownItem(own), ...shown.map(who => otherItem(who, onChoose))]
  if (others.length > shown.length) items.push(moreItem(others.length - shown.length))
  patch(list, items)
}

/** Everybody else by full name, for the popover. */
export function showOthers(others: readonly Participant[]) {
  let items = others.map(who => {
    let item = element("li")
    item.append(
      avatar(element("span", "avatar small"), who.initials, who.color),
      element("span", "", who.name),
    )
    return item
  })
  if (!items.length) items.push(element("li", "soft", messages.people.alone))
  patch(byId("others", HTMLUListElement), items)
}

function ownItem(own: Own): HTMLLIElement {
  let button = avatar(element("button", "avatar"), initials(own.name), own.color)
  button.type = "button"
  button.id = "own-avatar"
  button.popoverTargetElement = byId("profile", HTMLElement)
  return item(own.id, button, messages.people.yourself(own.name), messages.people.named(own.name))
}

function otherItem(who: Participant, onChoose: (key: string) => void): HTMLLIElement {
  let button = avatar(element("button", "avatar"), who.initials, who.color)
  button.type = "button"
  button.addEventListener("click", () => onChoose(who.key))
  return item(who.key, button, messages.people.show(who.name), who.name)
}

function moreItem(count: number): HTMLLIElement {
  let button = element("button", "avatar more", `+${count}`)
  button.type = "button"
  button.popoverTargetElement = byId("profile", HTMLElement)
  let label = messages.people.more(count)
  let made = item("", button, label, label)
  delete made.dataset.peer
  return made
}

function item(key: string, button: HTMLButtonElement, label: string, title: string): HTMLLIElement {
  let made = element("li")
  made.dataset.peer = key
  button.setAttribute("aria-label", label)
  button.title = title
  made.append(button)
  return made
}

function avatar<T extends HTMLElement>(made: T, letters: string, color: string): T {
  let text = element("span", "", letters)
  text.ariaHidden = "true"
  made.append(text)
  made.style.setProperty("--peer", color)
  made.style.setProperty("--peer-ink", inkOn(color))
  return made
}

/** Replaces only what differs, so that focus and hovering survive the many reports of moving carets. */
function patch(list: HTMLElement, items: readonly HTMLElement[]) {
  items.forEach((made, i) => {
    let old = list.children[i]
    if (!old) list.append(made)
    else if (!old.isEqualNode(made)) old.replaceWith(made)
  })
  while (list.children.length > items.length) list.lastElementChild?.remove()
}
