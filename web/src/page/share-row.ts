/**
 * One link in the list of its owner: called, changed, copied and revoked where it stands.
 * Knows no other link.
 */
import { messages } from "../messages"
import type { Access } from "./access"
import { element } from "./dom"
import { changeLink, type Link, revokeLink, type Wish } from "./links"
import { secretOf } from "./secrets"
import type { Said } from "./share-dialog"
import { choice, report, roleOf } from "./share-links"
import { ago, hence } from "./time"

/** What a row leaves to the list. */
export interface RowEvents {
  copy(link: Link, secret: string, said: Said): void
  /** The row has gone from the list. */
  onGone(): void
}

/** The row of a link. */
export function linkRow(access: Access, link: Link, said: Said, events: RowEvents): HTMLLIElement {
  let row = element("li")
  row.dataset.link = link.id
  let show = (now: Link) => {
    link = now
    row.replaceChildren(name(), role(), facts(), actions())
  }
  let change = async (wish: Partial<Wish>, words: (link: Link) => string) => {
    try {
      show(await changeLink(access, link.id, wish))
      said.done(words(link))
    } catch (error) {
      show(link)
      report(error, said)
    }
  }
  let secret = secretOf(link.id)
  let isOwn = secret !== undefined && access.uses(secret)
  let isExpired = link.expires ? link.expires * 1_000 <= Date.now() : false

  function name(): HTMLElement {
    let field = element("input", "link-name")
    field.value = link.name
    field.placeholder = messages.share.unnamed[link.role]
    field.maxLength = 80
    field.autocomplete = "off"
    field.setAttribute("aria-label", messages.share.nameOf(called(link)))
    field.addEventListener("keydown", event => {
      if (event.key === "Enter") field.blur()
      // The first Escape takes back what was typed, the next one closes the dialog.
      if (event.key !== "Escape" || field.value === link.name) return
      event.preventDefault()
      field.value = link.name
    })
    field.addEventListener("change", () => {
      let wanted = field.value.trim()
      if (!wanted || wanted === link.name) field.value = link.name
      else change({ name: wanted }, link => messages.share.renamed(link.name))
    })
    return field
  }

  function role(): HTMLElement {
    let select = choice(messages.share.roles, link.role)
    select.setAttribute("aria-label", messages.share.roleOf(called(link)))
    // Whoever takes their own right away would not be asked whether they are sure.
    select.disabled = isOwn || isExpired
    select.addEventListener("change", async () => {
      let said = (link: Link) => messages.share.changed(called(link), messages.share.roles[link.role])
      await change({ role: roleOf(select) }, said)
      row.querySelector("select")?.focus()
    })
    return select
  }

  function facts(): HTMLElement {
    let said = [
      isOwn && messages.share.yours,
      expiry(link),
      use(link),
      !secret && !isExpired && messages.share.elsewhere,
    ]
    return element("p", "hint", said.filter(Boolean).join(" · "))
  }

  function actions(): HTMLElement {
    let line = element("div", "link-actions")
    if (secret !== undefined && !isExpired) {
      let copy = button("button", messages.share.copyLink, () => events.copy(link, secret, said))
      copy.setAttribute("aria-label", messages.share.copyOf(called(link)))
      line.append(copy)
    }
    let revoke = button("button", messages.share.revoke, ask)
    revoke.setAttribute("aria-label", messages.share.revokeOf(called(link)))
    line.append(revoke)
    return line
  }

  /** Asks where the row stands whether it is meant. */
  function ask() {
    let question = element("p", "", (isOwn ? messages.share.sureOwn : messages.share.sure)(called(link)))
    let keep = button("button", messages.share.keep, () => {
      show(link)
      row.querySelector<HTMLElement>(".link-actions :last-child")?.focus()
    })
    let group = element("div", "sure")
    group.setAttribute("role", "group")
    group.setAttribute("aria-label", question.textContent ?? "")
    group.append(question, keep, button("button danger", messages.share.revokeNow, revoke))
    group.addEventListener("keydown", event => {
      if (event.key !== "Escape") return
      event.preventDefault()
      keep.click()
    })
    row.replaceChildren(group)
    keep.focus()
  }

  async function revoke() {
    try {
      await revokeLink(access, link.id)
    } catch (error) {
      show(link)
      row.querySelector<HTMLElement>(".link-actions :last-child")?.focus()
      return report(error, said)
    }
    let next = row.nextElementSibling ?? row.previousElementSibling
    let focus =
      next?.querySelector<HTMLElement>(".link-name") ?? document.querySelector<HTMLElement>(".make input")
    row.remove()
    focus?.focus()
    events.onGone()
    said.done(messages.share.revoked(called(link)))
  }

  show(link)
  return row
}

/** What a link goes by; the one that a document begins with has no name. */
export function called({ name, role }: Link): string {
  return name || messages.share.unnamed[role]
}

function expiry({ expires }: Link): string {
  if (!expires) return ""
  let at = expires * 1_000
  let now = Date.now()
  return at <= now ? messages.share.expired : messages.share.expires(hence(at, now, language()))
}

function use({ used }: Link): string {
  if (!used) return messages.share.unused
  return messages.share.used(ago(used.at * 1_000, Date.now(), language()), used.by ?? "")
}

function language(): string {
  return document.documentElement.lang
}

function button(className: string, text: string, onClick: () => void): HTMLButtonElement {
  let made = element("button", className, text)
  made.type = "button"
  made.addEventListener("click", onClick)
  return made
}
