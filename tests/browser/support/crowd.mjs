/**
 * Many people at stock editors, as a server sees them: bare sockets that send what Yjs would, typed and pointed at by a clock.
 * They hear nothing of what is said to them; what they type is made before, so that sending costs this process little.
 */
import { once } from "node:events"
import { connect } from "node:net"
import * as Y from "yjs"

/** How often each says where their caret is, in ms: as often as stock editors do while somebody types. */
const CARET_MS = 150
/** Colours as other programs choose them. */
const COLORS = ["#30bced", "#6eeb83", "#ffbc42", "#ecd444", "#ee6352", "#9ac2c9", "#8acb88", "#1be7ff"]

/** People in a document of a server: `count` of them, of whom each types `keys` letters, one in `keyMs`. */
export class Crowd {
  members = []
  #timers = []
  #heard = () => {}

  /** Joins; `base` is the document as it is, `at(i)` where the i-th person types in it. */
  static async join(server, name, { base, count, keys, keyMs, at }) {
    let crowd = new Crowd()
    crowd.keyMs = keyMs
    for (let i = 0; i < count; i++) {
      crowd.members.push(new Member(await openSocket(server, name), i, typed(base, i, keys, at(i))))
    }
    for (let member of crowd.members) member.says(0)
    return crowd
  }

  /** Begins to type and to point. */
  begin() {
    this.members.forEach((member, i) => {
      let offset = (i * 37) % this.keyMs
      let first = setTimeout(() => {
        let timer = setInterval(() => {
          if (!member.types()) clearInterval(timer)
          this.#heard()
        }, this.keyMs)
        this.#timers.push(timer)
      }, offset)
      this.#timers.push(first, setInterval(() => member.points(), CARET_MS))
    })
  }

  /** Calls back after each letter. */
  onTyped(callback) {
    this.#heard = callback
  }

  /** What they have typed so far, all together. */
  get done() {
    return this.members.reduce((sum, { done }) => sum + done, 0)
  }

  leave() {
    for (let timer of this.#timers) clearTimeout(timer)
    for (let { socket } of this.members) socket.destroy()
  }
}

class Member {
  done = 0
  #clock = 0
  #said = -1

  constructor(socket, number, keys) {
    this.socket = socket
    this.number = number
    this.keys = keys
  }

  /** Types the next letter, if there is one. */
  types() {
    let key = this.keys[this.done]
    if (!key) return false
    this.done++
    send(this.socket, [0, 2, ...counted(key.update)])
    return true
  }

  /** Says where the caret is, if it has moved. */
  points() {
    if (this.done !== this.#said) this.says(this.done)
  }

  says(done) {
    this.#said = done
    let { cursor, client } = this.keys[Math.max(0, done - 1)]
    let user = { name: `Person ${this.number + 1}`, color: COLORS[this.number % COLORS.length], id: `crowd-${this.number}` }
    let state = new TextEncoder().encode(JSON.stringify({ user, cursor }))
    let update = [1, ...varUint(client), ...varUint(++this.#clock), ...counted(state)]
    send(this.socket, [1, ...counted(update)])
  }
}

/** Updates of a person who types at `at`, each with the caret after it. */
function typed(base, number, count, at) {
  let doc = new Y.Doc()
  Y.applyUpdate(doc, base)
  let text = doc.getText("content")
  let update
  doc.on("update", made => {
    update = made
  })
  return Array.from({ length: count }, (_, i) => {
    text.insert(at + i, i % 6 === 5 ? " " : "abcdefghij"[(number + i) % 10])
    let position = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, at + i + 1))
    return { update, cursor: { anchor: position, head: position }, client: doc.clientID }
  })
}

/** A WebSocket whose answers nobody reads. */
async function openSocket(server, name) {
  let socket = connect(server.port, "127.0.0.1")
  socket.setNoDelay(true)
  socket.on("error", () => {})
  let path = `/ws/${encodeURIComponent(name)}`
  let lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    `Origin: ${server.origin}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ]
  socket.write(`${lines.join("\r\n")}\r\n\r\n`)
  let [answer] = await once(socket, "data")
  if (!String(answer).startsWith("HTTP/1.1 101")) throw new Error(`no socket: ${answer}`)
  socket.resume()
  return socket
}

/** One binary frame; a mask of zeros changes nothing. */
function send(socket, bytes) {
  let { length } = bytes
  let size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255]
  socket.write(Uint8Array.from([0x82, ...size, 0, 0, 0, 0, ...bytes]))
}

function counted(bytes) {
  return [...varUint(bytes.length), ...bytes]
}

function varUint(number) {
  let bytes = []
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number & 127) | 128)
  return [...bytes, number]
}
