/** Who may do what, as a document's owners and an app's backend say it. It knows no dialect of Yjs. */
import { createHmac } from "node:crypto"

/** Seconds for which a token is good that says nothing else. */
const TTL_SECONDS = 600

/** A backend's key, which signs the tokens of its users. */
export class Key {
  constructor(id, secret) {
    this.id = id
    this.secret = secret
  }

  /** A token that says this, with the claims that every token needs. */
  token({ ttl = TTL_SECONDS, ...claims }) {
    const exp = Math.floor(Date.now() / 1_000) + ttl
    const part = json => Buffer.from(JSON.stringify(json)).toString("base64url")
    const said = `${part({ alg: "HS256", typ: "JWT", kid: this.id })}.${part({ aud: "codraft", exp, ...claims })}`
    return `${said}.${createHmac("sha256", this.secret).update(said).digest("base64url")}`
  }
}

/** Makes a key for a running server, as its administrator does. */
export async function newKey(server) {
  const said = await server.says("key", "new")
  return new Key(/^key id \(kid\): (.+)$/m.exec(said)[1], said.trim().split("\n").at(-1))
}

/** A document that is reached by links, as somebody who owns it sees it. */
export class Shared {
  #server
  #secret

  constructor(server, name, secret) {
    this.#server = server
    this.#secret = secret
    this.name = name
  }

  /** Begins one, as everybody may. */
  static async begin(server) {
    const { name, link } = await ask(server, "", "POST", "/api/docs")
    return new Shared(server, name, link.secret)
  }

  /** What its owner shows. */
  get owner() {
    return this.#secret
  }

  /** Makes a link with a role: its `id`, and the `secret` that is shown. */
  link(role) {
    return this.#ask("POST", "", { role })
  }

  /** Gives a link another role. */
  change({ id }, role) {
    return this.#ask("PATCH", `/${id}`, { role })
  }

  /** Takes a link back. */
  revoke({ id }) {
    return this.#ask("DELETE", `/${id}`)
  }

  #ask(method, path, body) {
    return ask(this.#server, this.#secret, method, `/api/docs/${this.name}/links${path}`, body)
  }
}

async function ask(server, shown, method, path, body) {
  const headers = { authorization: `Bearer ${shown}`, "content-type": "application/json" }
  const answer = await fetch(`${server.origin}${path}`, { method, headers, body: body && JSON.stringify(body) })
  const said = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`)
  return said && JSON.parse(said)
}
