/**
 * The links of a document, as its owner asks the server for them.
 * Knows the requests; what is shown of their answers is `share-dialog.ts`'s.
 */
import { messages } from "../messages"
import { isRole, type Role } from "../you"
import type { Access } from "./access"
import { apiOf } from "./document-name"
import { forgetSecret, keepSecret } from "./secrets"
import { isRecord } from "./storage"
import { detailOf } from "./tickets"

/** A link to a document. Times are in seconds since 1970. */
export interface Link {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly created: number
  readonly expires?: number
  /** Who came by it last; nameless where that is not known. */
  readonly used?: { readonly at: number; readonly by?: string }
}

/** What a link is made with. */
export interface Wish {
  readonly name: string
  readonly role: Role
  readonly validForSeconds?: number
}

/** Why something about the links could not be done, in a sentence. */
export class LinkTrouble extends Error {}

export async function linksOf(access: Access): Promise<readonly Link[]> {
  let said = await ask(access, "GET", "")
  return isRecord(said) && Array.isArray(said.links) ? said.links.filter(isLink) : []
}

/** Makes a link; its secret is kept by this browser, and by nobody else. */
export async function makeLink(access: Access, wish: Wish): Promise<{ link: Link; secret: string }> {
  let said = await ask(access, "POST", "", wish)
  if (!isLink(said) || !isRecord(said) || typeof said.secret !== "string") throw trouble("")
  keepSecret(said.id, said.secret)
  return { link: said, secret: said.secret }
}

/** Changes what is named in `wish`. */
export async function changeLink(access: Access, link: string, wish: Partial<Wish>): Promise<Link> {
  let said = await ask(access, "PATCH", link, wish)
  if (!isLink(said)) throw trouble("")
  return said
}

export async function revokeLink(access: Access, link: string) {
  await ask(access, "DELETE", link)
  forgetSecret(link)
}

async function ask(
  { document, headers }: Access,
  method: string,
  link: string,
  body?: object,
): Promise<unknown> {
  let path = `${apiOf(document)}/links${link && `/${encodeURIComponent(link)}`}`
  let request: RequestInit = { method, headers, cache: "no-store" }
  if (body)
    request = {
      ...request,
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }
  let answer = await fetch(path, request).catch(() => {
    throw trouble("")
  })
  if (answer.ok) return answer.status === 204 ? null : answer.json()
  let { lastOwner, notAllowed } = messages.share.trouble
  if (answer.status === 409 && method !== "POST") throw new LinkTrouble(lastOwner)
  if (answer.status === 401 || answer.status === 403) throw new LinkTrouble(notAllowed)
  throw trouble(await detailOf(answer))
}

function trouble(detail: string): LinkTrouble {
  return new LinkTrouble(messages.share.trouble.failed(detail))
}

function isLink(value: unknown): value is Link {
  return (
    isRecord(value) &&
    typeof value.id === "string" &&
    typeof value.name === "string" &&
    isRole(value.role) &&
    typeof value.created === "number" &&
    (value.expires === undefined || typeof value.expires === "number") &&
    (value.used === undefined || isUse(value.used))
  )
}

function isUse(value: unknown): boolean {
  return isRecord(value) && typeof value.at === "number" && ["string", "undefined"].includes(typeof value.by)
}
