/**
 * The start page: a new document, one by name, and those opened here before.
 * Knows no document's text.
 */
import { messages } from "./messages"
import { newDocumentDoor } from "./page/create"
import { nameProblem, nameTyped, pathOf } from "./page/document-name"
import { byId, element, icon } from "./page/dom"
import { askAndForget, forgetDocument } from "./page/forget"
import { keptMark, offlineNote } from "./page/kept-mark"
import { keysOf, keyTyped, withKey } from "./page/keys"
import { type Recent, recents } from "./page/recents"
import { installShell } from "./page/shell"
import { followTheme, themeButton } from "./page/theme"
import { ago } from "./page/time"
import { keptDocuments } from "./store/shelf"

installShell()
followTheme()
themeButton()
newDocumentDoor(offlineNote())
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

/** The list is there at once; what of it is kept on this device is found out a moment later. */
function showRecents() {
  let list = recents()
  let items = new Map(list.map(recent => [recent.name, recentItem(recent)]))
  byId("recent", HTMLUListElement).replaceChildren(...items.values())
  byId("recent-empty", HTMLElement).hidden = list.length > 0
  keptDocuments().then(kept => {
    for (let [name, hasUnsaved] of kept) {
      items.get(name)?.querySelector(".recent-details")?.prepend(keptMark(hasUnsaved))
    }
  })
}

function recentItem({ name, field, title, at }: Recent): HTMLLIElement {
  let item = element("li")
  let link = element("a", "recent-link")
  link.href = pathOf(name, field)
  link.append(element("span", "recent-title", title || name), details(title ? name : "", at))
  item.append(link, forgetButton(name, title))
  return item
}

function forgetButton(name: string, title: string): HTMLButtonElement {
  let button = element("button", "button quiet")
  button.type = "button"
  button.title = messages.start.forget(title || name)
  button.setAttribute("aria-label", button.title)
  button.append(icon("M5.5 5.5l9 9M14.5 5.5l-9 9"))
  button.addEventListener("click", async () => {
    let problem = await forget(name).catch(error => {
      console.warn(error)
      return messages.start.forgetFailed
    })
    byId("open-problem", HTMLElement).textContent = problem
  })
  return button
}

/** Asks first where something would be lost that nobody else has: words, or the way in. */
async function forget(name: string): Promise<string> {
  let hasUnsaved = (await keptDocuments()).get(name) ?? false
  let isLoss = hasUnsaved || keysOf(name).length > 0
  if (isLoss && !(await askAndForget(name, hasUnsaved))) return ""
  if (!isLoss) await forgetDocument(name)
  showRecents()
  return ""
}

function details(name: string, at: number): HTMLElement {
  let made = element("span", "recent-details")
  let time = element("time", "", ago(at, Date.now(), document.documentElement.lang))
  time.dateTime = new Date(at).toISOString()
  if (name) made.append(element("span", "recent-name", name))
  made.append(time)
  return made
}
