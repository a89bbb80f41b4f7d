/**
 * A door to a server that can give out its pages as another release would: the same files, under other names.
 * Knows that files are named after what is in them, and passes on everything else as it is.
 */
import { once } from "node:events"
import { createServer, request } from "node:http"
import { connect } from "node:net"
import { atEnd } from "./ending.mjs"

const FILE = /\/assets\/([\w.-]+?)-([\w-]{8})\.(\w+)/g
/** Put behind the hash. */
const NEW = "New"

/** A door that lives as long as the test `t`. */
export async function layRelease(t, server) {
  let door = new Door(server)
  await door.mend()
  atEnd(t, () => door.cut())
  let worker = await (await fetch(`${server.origin}/sw.js`)).text()
  door.late = /"later":\["([^"]+\.js)"/.exec(worker)[1]
  return door
}

class Door {
  isReleased = false
  port = 0
  sockets = new Set()

  constructor(server) {
    this.server = server
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`
  }

  page(name) {
    return `${this.origin}/d/${encodeURIComponent(name)}`
  }

  /** From now on all files have other names, and the old ones are gone. */
  release() {
    this.isReleased = true
  }

  isNew(address) {
    return new RegExp(`${NEW}\\.\\w+$`).test(address)
  }

  /** A file of the first release that no page loads at its start. */
  lateFile() {
    return this.late
  }

  async mend() {
    this.http = createServer((asked, answer) => this.pass(asked, answer))
    this.http.on("upgrade", (asked, socket, head) => this.passSocket(asked, socket, head))
    this.http.on("connection", socket => {
      this.sockets.add(socket)
      socket.on("close", () => this.sockets.delete(socket))
    })
    this.http.listen(this.port, "127.0.0.1")
    await once(this.http, "listening")
    this.port = this.http.address().port
  }

  async cut() {
    if (!this.http.listening) return
    let closed = once(this.http, "close")
    this.http.close()
    for (let socket of this.sockets) socket.destroy()
    await closed
  }

  pass(asked, answer) {
    let isFile = asked.url.startsWith("/assets/")
    if (isFile && this.isReleased !== this.isNew(asked.url)) return answer.writeHead(404).end()
    let path = asked.url.replace(new RegExp(`${NEW}(\\.\\w+)$`), "$1")
    let headers = { ...asked.headers, host: `127.0.0.1:${this.server.port}`, "accept-encoding": "identity" }
    for (let name of ["if-none-match", "origin"]) delete headers[name]
    let far = request({ host: "127.0.0.1", port: this.server.port, path, method: asked.method, headers }, async told => {
      let body = Buffer.concat(await told.toArray())
      let isText = /html|javascript|css|manifest/.test(told.headers["content-type"] ?? "")
      if (this.isReleased && isText) body = Buffer.from(renamed(body.toString()))
      let { etag, "content-length": _, "transfer-encoding": __, ...kept } = told.headers
      answer.writeHead(told.statusCode, { ...kept, "content-length": body.length }).end(body)
    })
    far.on("error", () => answer.destroy())
    asked.pipe(far)
  }

  passSocket(asked, near, head) {
    let far = connect(this.server.port, "127.0.0.1")
    let lines = Object.entries({ ...asked.headers, host: `127.0.0.1:${this.server.port}`, origin: this.server.origin })
    far.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines.map(line => line.join(": ")).join("\r\n")}\r\n\r\n`)
    far.write(head)
    near.pipe(far).pipe(near)
    this.sockets.add(far)
    for (let socket of [near, far]) socket.on("error", () => {}).on("close", () => [near, far].forEach(end => end.destroy()))
  }
}

/** A page, script or style that names the files of the new release; scripts name each other without their folder. */
function renamed(text) {
  return text
    .replace(/"release":"(\w+)"/, `"release":"$1${NEW}"`)
    .replace(FILE, (_, name, hash, kind) => `/assets/${name}-${hash}${NEW}.${kind}`)
    .replace(/(["'`](?:\.\/|assets\/)?)([\w.-]+?)-([\w-]{8})\.(js|css|wasm|png|svg)(?=["'`])/g, `$1$2-$3${NEW}.$4`)
}
