/**
 * Documents that are reached by links, as a program makes them: over HTTP, with the owner's key.
 * Knows no page.
 */
import { startServer } from "./server.mjs"

/** A document with an owner, on a server of its own where links decide who may do what. */
export async function ownedDocument(t, ...flags) {
  let server = await startServer(t, "--access", "links", ...flags)
  return makeDocument(server)
}

/** One more document of a server. */
export async function makeDocument(server) {
  let { name, link } = await ask(`${server.origin}/api/docs`, "POST")
  return new Owned(server, name, link)
}

class Owned {
  constructor(server, name, link) {
    this.server = server
    this.name = name
    this.secret = link.secret
    this.api = `${server.origin}/api/docs/${encodeURIComponent(name)}/links`
  }

  /** The address of its owner's link, at the server or at a wire to it. */
  owner(door = this.server) {
    return this.at(this.secret, door)
  }

  at(secret, door = this.server) {
    return `${door.page(this.name)}#key=${secret}`
  }

  /** Makes a link; `href(door)` is its address. */
  async link(wish) {
    let made = await ask(this.api, "POST", this.secret, { name: "A link", ...wish })
    return { ...made, href: door => this.at(made.secret, door) }
  }

  change(link, wish) {
    return ask(`${this.api}/${link.id}`, "PATCH", this.secret, wish)
  }

  revoke(link) {
    return ask(`${this.api}/${link.id}`, "DELETE", this.secret)
  }
}

async function ask(url, method, key, body) {
  let headers = { ...(key && { Authorization: `Bearer ${key}` }), ...(body && { "Content-Type": "application/json" }) }
  let answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? null : answer.json()
}
