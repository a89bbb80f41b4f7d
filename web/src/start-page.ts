/**
 * The start page: a new document, one by name, and those opened here before.
 * Knows no document's text.
 */
import { messages } from "./messages"
import { newDocumentDoor } from "./page/create"
import { nameProblem, nameTyped, pathOf } from "./page/document-name"
import { byId, element, icon } from "./page/dom"
import { keyTyped, withKey } from "./page/keys"
import { forgetRecent, type Recent, recents } from "./page/recents"
import { followTheme, themeButton } from "./page/theme"
import { ago } from "./page/time"

followTheme()
themeButton()
newDocumentDoor()
openForm()
showRecents()
// A page taken back from the browser's cache shows the list of its last visit.
window.addEventListener("pageshow", event => event.persisted && showRecents())

function openForm() {
  let input = byId("open-name", HTMLInputElement)
  let problem = byId("open-problem", HTMLElement)
  byId("open", HTMLFormElement).addEventListener("submit", event => {
    event.preventDefault()
    let name = nameTyped(input.value, location.origin)
    let found = nameProblem(name)
    problem.textContent = found ? messages.start.nameInvalid[found] : ""
    input.setAttribute("aria-invalid", String(found !== null))
    let key = keyTyped(input.value, location.origin)
    if (found) input.focus()
    else location.assign(key ? withKey(pathOf(name), key) : pathOf(name))
  })
  input.addEventListener("input", () => {
    problem.textContent = ""
    input.removeAttribute("aria-invalid")
  })
}

function showRecents() {
  let list = recents()
  byId("recent", HTMLUListElement).replaceChildren(...list.map(recentItem))
  byId("recent-empty", HTMLElement).hidden = list.length > 0
}

function recentItem({ name, field, title, at }: Recent): HTMLLIElement {
  let item = element("li")
  let link = element("a", "recent-link")
  link.href = pathOf(name, field)
  link.append(element("span", "recent-title", title || name), details(title ? name : "", at))
  let forget = element("button", "button quiet")
  forget.type = "button"
  forget.title = messages.start.forget(title || name)
  forget.setAttribute("aria-label", forget.title)
  forget.append(icon("M5.5 5.5l9 9M14.5 5.5l-9 9"))
  forget.addEventListener("click", () => {
    forgetRecent(name)
    showRecents()
  })
  item.append(link, forget)
  return item
}

function details(name: string, at: number): HTMLElement {
  let made = element("span", "recent-details")
  let time = element("time", "", ago(at, Date.now(), document.documentElement.lang))
  time.dateTime = new Date(at).toISOString()
  if (name) made.append(element("span", "recent-name", name))
  made.append(time)
  return made
}
