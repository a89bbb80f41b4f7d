/**
 * The links of a document for its owner: a form that makes one, and the list of those there are.
 * Knows no dialog around it.
 */
import { messages } from "../messages"
import { ROLES, type Role } from "../you"
import type { Access } from "./access"
import { copyText } from "./copy"
import { element } from "./dom"
import { withKey } from "./keys"
import { type Link, LinkTrouble, linksOf, makeLink, type Wish } from "./links"
import type { Said } from "./share-dialog"
import { called, linkRow } from "./share-row"

const DAY = 86_400
const EXPIRIES = { never: 0, day: DAY, week: 7 * DAY, month: 30 * DAY } as const

/** The form and the list; the list fills itself. */
export function linkManager(access: Access, said: Said): HTMLElement[] {
  let list = element("ul", "links")
  let empty = element("p", "hint", messages.share.loading)
  let count = () => {
    empty.textContent = messages.share.none
    empty.hidden = list.children.length > 0
  }
  let row = (link: Link) => linkRow(access, link, said, { copy: copyLink, onGone: count })
  let form = linkForm(async wish => {
    let { link, secret } = await makeLink(access, wish)
    list.prepend(row(link))
    count()
    let copied = await copyText(linkAddress(secret))
    said.done((copied ? messages.share.madeCopied : messages.share.made)(called(link)))
  }, said)
  linksOf(access)
    .then(links => {
      // The latest first: it is the one that somebody comes back for.
      let sorted = [...links].sort((a, b) => b.created - a.created)
      list.replaceChildren(...sorted.map(row))
      count()
    })
    .catch(error => {
      empty.hidden = true
      report(error, said)
    })
  let heading = element("h3", "", messages.share.links)
  heading.id = "share-links"
  list.setAttribute("aria-labelledby", heading.id)
  return [form, heading, empty, list]
}

/** Says why something about links failed; anything else is a fault of ours. */
export function report(error: unknown, said: Said) {
  if (!(error instanceof LinkTrouble)) throw error
  said.problem(error.message)
}

function linkAddress(secret: string): string {
  return withKey(location.origin + location.pathname + location.search, secret)
}

async function copyLink(link: Link, secret: string, said: Said) {
  if (await copyText(linkAddress(secret))) said.done(messages.share.linkCopied(called(link)))
  else said.problem(messages.share.linkCopyFailed)
}

function linkForm(make: (wish: Wish) => Promise<void>, said: Said): HTMLFormElement {
  let form = element("form", "make")
  form.setAttribute("aria-label", messages.share.make)
  let name = element("input")
  name.placeholder = messages.share.namePlaceholder
  name.maxLength = 80
  name.autocomplete = "off"
  // On a phone the keyboard would come up and hide what there is to choose.
  name.autofocus = matchMedia("(pointer: fine)").matches
  let role = choice(messages.share.roles, "viewer")
  let expiry = choice(messages.share.expiries, "never")
  let create = element("button", "button primary", messages.share.create)
  form.append(
    labelled(messages.share.name, name),
    labelled(messages.share.role, role),
    labelled(messages.share.expiry, expiry),
    create,
  )
  let busy = false
  form.addEventListener("submit", async event => {
    event.preventDefault()
    if (busy) return
    busy = true
    let chosen = roleOf(role)
    let seconds = EXPIRIES[expiry.value as keyof typeof EXPIRIES]
    let wish = { name: name.value.trim() || messages.share.unnamed[chosen], role: chosen }
    await make(seconds ? { ...wish, validForSeconds: seconds } : wish)
      .then(() => {
        name.value = ""
      })
      .catch(error => report(error, said))
    busy = false
  })
  return form
}

/** A list to choose from, by the words of the catalogue. */
export function choice(words: Readonly<Record<string, string>>, chosen: string): HTMLSelectElement {
  let select = element("select")
  for (let [value, text] of Object.entries(words))
    select.append(new Option(text, value, false, value === chosen))
  return select
}

export function roleOf(select: HTMLSelectElement): Role {
  return ROLES.find(role => role === select.value) ?? "viewer"
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  let label = element("label")
  label.append(element("span", "", text), control)
  return label
}
