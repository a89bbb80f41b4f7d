/**
 * The recent documents on the start page: by when they were open, found by typing, reached by arrow keys.
 * Knows what this browser remembers of them, and nothing of what is in them.
 */
import { messages } from "../messages"
import { keptDocuments } from "../store/shelf"
import { pathOf } from "./document-name"
import { byId, element, icon } from "./dom"
import { askAndForget, forgetDocument } from "./forget"
import { keptMark } from "./kept-mark"
import { keysOf } from "./keys"
import { type Age, ageOf, recentsFor } from "./recent-search"
import { type Recent, recents } from "./recents"
import { ago } from "./time"

/** Shows the list, and keeps it at what is typed. */
export function recentList() {
  let search = byId("recent-search", HTMLInputElement)
  let list = byId("recent", HTMLElement)
  let show = () => {
    let all = recents()
    let shown = recentsFor(search.value, all)
    byId("recent-search-box", HTMLElement).hidden = all.length === 0
    byId("recent-empty", HTMLElement).hidden = all.length > 0
    list.replaceChildren(...(all.length && !shown.length ? [nothing(search.value)] : groups(shown, forget)))
    markKept(list)
  }
  let links = () => [...list.querySelectorAll<HTMLAnchorElement>(".recent-link")]
  let forget = async (name: string) => {
    let at = links().findIndex(link => link.parentElement?.dataset.document === name)
    byId("open-problem", HTMLElement).textContent = await forgotten(name)
    show()
    // Whoever goes through the list by keyboard goes on where they were.
    let next = links()[Math.min(at, links().length - 1)] ?? search
    if (document.activeElement === document.body) next.focus()
  }
  searchKeys(search, links, show)
  listKeys(list, search, links, forget)
  // A page taken back from the browser's cache shows the list of its last visit.
  window.addEventListener("pageshow", event => event.persisted && show())
  show()
}

/** What of the list is kept on this device is found out a moment later. */
async function markKept(list: HTMLElement) {
  let items = [...list.querySelectorAll("li")]
  let kept = await keptDocuments()
  for (let item of items) {
    let hasUnsaved = kept.get(item.dataset.document ?? "")
    if (hasUnsaved !== undefined) item.querySelector(".recent-details")?.prepend(keptMark(hasUnsaved))
  }
}

/** Asks first where something would be lost that nobody else has: words, or the way in. Says what went wrong. */
async function forgotten(name: string): Promise<string> {
  try {
    let hasUnsaved = (await keptDocuments()).get(name) ?? false
    if (hasUnsaved || keysOf(name).length > 0) await askAndForget(name, hasUnsaved)
    else await forgetDocument(name)
    return ""
  } catch (error) {
    console.warn(error)
    return messages.start.forgetFailed
  }
}

type Links = () => readonly HTMLAnchorElement[]

function searchKeys(search: HTMLInputElement, links: Links, show: () => void) {
  let found = byId("recent-found", HTMLElement)
  let look = () => {
    show()
    found.textContent = search.value.trim() ? messages.start.found(links().length) : ""
  }
  search.addEventListener("input", look)
  search.addEventListener("keydown", event => {
    if (event.isComposing) return
    if (event.key === "Escape" && search.value) {
      event.preventDefault()
      search.value = ""
      look()
    } else if (event.key === "Enter" && search.value.trim()) links()[0]?.click()
    else if (event.key === "ArrowDown") focus(event, links()[0])
  })
}

function listKeys(list: HTMLElement, search: HTMLElement, links: Links, forget: (name: string) => void) {
  list.addEventListener("keydown", event => {
    let all = links()
    let at = all.indexOf(document.activeElement as HTMLAnchorElement)
    let name = all[at]?.parentElement?.dataset.document
    if (name === undefined) return
    if (event.key === "ArrowDown") focus(event, all[at + 1])
    else if (event.key === "ArrowUp") focus(event, all[at - 1] ?? search)
    else if (event.key === "Home") focus(event, all[0])
    else if (event.key === "End") focus(event, all.at(-1))
    else if (event.key === "Delete") forget(name)
  })
}

function focus(event: Event, target: HTMLElement | undefined) {
  event.preventDefault()
  target?.focus()
}

/** The list under its headings; `forget` takes a document off it. */
function groups(shown: readonly Recent[], forget: (name: string) => void): HTMLElement[] {
  let now = Date.now()
  let byAge = new Map<Age, Recent[]>()
  for (let recent of shown) {
    let age = ageOf(recent.at, now)
    byAge.set(age, [...(byAge.get(age) ?? []), recent])
  }
  return [...byAge].map(([age, among]) => {
    let group = element("section", "recent-group")
    let heading = element("h3", "", messages.start.ages[age])
    heading.id = `recent-${age}`
    let list = element("ul")
    list.setAttribute("aria-labelledby", heading.id)
    list.append(...among.map(recent => item(recent, forget)))
    group.append(heading, list)
    return group
  })
}

function item({ name, field, title, at }: Recent, forget: (name: string) => void): HTMLLIElement {
  let made = element("li")
  made.dataset.document = name
  let link = element("a", "recent-link")
  link.href = pathOf(name, field)
  link.append(element("span", "recent-title", title || name), details(title ? name : "", at))
  made.append(
    link,
    forgetButton(title || name, () => forget(name)),
  )
  return made
}

function forgetButton(called: string, forget: () => void): HTMLButtonElement {
  let made = element("button", "button quiet")
  made.type = "button"
  made.title = messages.start.forget(called)
  made.setAttribute("aria-label", made.title)
  made.append(icon("M5.5 5.5l9 9M14.5 5.5l-9 9"))
  made.addEventListener("click", forget)
  return made
}

function details(name: string, at: number): HTMLElement {
  let made = element("span", "recent-details")
  let time = element("time", "", ago(at, Date.now(), document.documentElement.lang))
  time.dateTime = new Date(at).toISOString()
  if (name) made.append(element("span", "recent-name", name))
  made.append(time)
  return made
}

function nothing(typed: string): HTMLElement {
  return element("p", "soft nothing", messages.start.nothingFound(typed.trim()))
}
