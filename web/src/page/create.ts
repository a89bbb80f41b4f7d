/**
 * The big door of the start page: a new document, by whichever way this server makes them.
 * Knows the server's rules, and nothing of what is in a document.
 */
import { messages } from "../messages"
import { newName, pathOf } from "./document-name"
import { byId, element } from "./dom"
import { addKey, carryKey } from "./keys"
import { keepSecret } from "./secrets"
import { isRecord, recall, remember } from "./storage"
import { accessRules, type Rules } from "./tickets"

/** The rules of this server as they were last heard. */
const RULES = "codraft.rules"

/** Wires the door; `onReached` hears whether the server can be reached. Where access is open it is a link like any other, which opens in a new tab like any other. */
export function newDocumentDoor(onReached: (isReached: boolean) => void) {
  let link = byId("create", HTMLAnchorElement)
  let offer = () => {
    link.href = pathOf(newName())
  }
  offer()
  // A page taken back from the browser's cache shows the name of its last visit.
  window.addEventListener("pageshow", event => event.persisted && offer())
  let known = accessRules()
    .then(rules => {
      remember(RULES, rules)
      onReached(true)
      return rules
    })
    // Without a network they are what they were: under a made-up name nobody could open a document that needs a link.
    .catch(() => {
      onReached(false)
      return recall(RULES, isRules) ?? null
    })
    .then(rules => {
      link.removeEventListener("click", tooSoon)
      if (!rules || rules.mode === "open") return
      if (rules.creates === "admin" || rules.mode === "tokens")
        link.replaceWith(element("p", "soft", messages.start.createAdmin))
      else link.replaceWith(button())
    })
  // A click that comes before it is known what the door is goes through it a moment later.
  let tooSoon = async (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    await known
    document.getElementById("create")?.click()
  }
  link.addEventListener("click", tooSoon)
}

/** Where documents have owners, the server makes them: a name that is only made up here would open nothing. */
function button(): HTMLElement {
  let made = element("button", "button primary", messages.start.create)
  made.id = "create"
  made.type = "button"
  made.addEventListener("click", async () => {
    made.disabled = true
    let problem = await make().catch(() => messages.start.createFailed)
    made.disabled = false
    byId("open-problem", HTMLElement).textContent = problem
  })
  return made
}

/** Makes a document and goes there; says what is wrong when that is not possible. */
async function make(): Promise<string> {
  let answer = await fetch("/api/docs", { method: "POST" })
  if (answer.status === 401 || answer.status === 403) return messages.start.createAdmin
  let made: unknown = answer.ok ? await answer.json() : null
  if (!isRecord(made) || typeof made.name !== "string") return messages.start.createFailed
  let { link } = made
  if (isRecord(link) && typeof link.id === "string" && typeof link.secret === "string") {
    keepSecret(link.id, link.secret)
    addKey(made.name, { key: link.secret, role: "owner" })
  }
  location.assign(carryKey(made.name, pathOf(made.name)))
  return ""
}

function isRules(value: unknown): value is Rules {
  return (
    isRecord(value) &&
    ["open", "links", "tokens"].includes(String(value.mode)) &&
    ["everyone", "admin"].includes(String(value.creates))
  )
}
