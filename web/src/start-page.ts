/**
 * The start page: a new document, one by name, and those opened here before.
 * Knows no document's text.
 */
import { messages } from "./messages"
import { newDocumentDoor } from "./page/create"
import { nameProblem, nameTyped, pathOf } from "./page/document-name"
import { byId } from "./page/dom"
import { offlineNote } from "./page/kept-mark"
import { keyTyped, withKey } from "./page/keys"
import { recentList } from "./page/recent-list"
import { installShell } from "./page/shell"
import { followTheme, themeButton } from "./page/theme"

installShell()
followTheme()
themeButton()
newDocumentDoor(offlineNote())
openForm()
recentList()

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
