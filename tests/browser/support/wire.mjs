/**
 * A wire between browsers and a server that a test can cut, and can let go silent without either end being told.
 * Knows bytes only.
 */
import { once } from "node:events"
import { connect, createServer } from "node:net"
import { atEnd } from "./ending.mjs"

/** A wire to `server` that lives as long as the test `t`; pages are opened through it as through the server. */
export async function layWire(t, server) {
  let wire = new Wire(server.port)
  await wire.listen(0)
  atEnd(t, () => wire.cut())
  return wire
}

class Wire {
  listener = null
  sockets = new Set()
  silent = false
  swallows = false

  constructor(target) {
    this.target = target
  }

  async listen(port) {
    this.listener = createServer(socket => this.join(socket)).listen(port, "127.0.0.1")
    await once(this.listener, "listening")
    this.port = this.listener.address().port
    this.origin = `http://127.0.0.1:${this.port}`
  }

  /** The address of a document's page. */
  page(name) {
    return `${this.origin}/d/${encodeURIComponent(name)}`
  }

  /** Ends every connection and refuses new ones. */
  async cut() {
    let closed = once(this.listener, "close")
    if (!this.listener.listening) return
    this.listener.close()
    for (let socket of this.sockets) socket.destroy()
    await closed
  }

  /** Takes bytes from both ends and delivers none: a network that is gone without a word. */
  fallSilent() {
    this.silent = true
  }

  /** Delivers nothing of what the page says from now on; the page still hears the server. */
  swallow() {
    this.swallows = true
  }

  /** Works again; connections that went silent are gone, as behind a router that forgot them. */
  async mend() {
    this.silent = this.swallows = false
    for (let socket of this.sockets) socket.destroy()
    if (!this.listener.listening) await this.listen(this.port)
  }

  join(near) {
    let far = connect(this.target, "127.0.0.1")
    for (let [from, to] of [
      [near, far],
      [far, near],
    ]) {
      from.setNoDelay(true)
      this.sockets.add(from)
      from.on("data", bytes => this.silent || (this.swallows && from === near) || to.write(bytes))
      from.on("error", () => {})
      from.on("close", () => {
        this.sockets.delete(from)
        to.destroy()
      })
    }
  }
}
