/** y-websocket, which is told nothing of the disk: what is on it is read off the echoes of what was sent. */
import { WebsocketProvider as Provider4 } from "@y/websocket"
import * as Y14 from "@y/y"
import * as decoding from "lib0/decoding"
import * as encoding from "lib0/encoding"
import WebSocket from "ws"
import { WebsocketProvider as Provider31 } from "y-websocket"
import { WebsocketProvider as Provider30 } from "y-websocket-3.0"
import * as Y from "yjs"
import { Peer } from "./peer.mjs"

const SYNC = 0
const STEP1 = 0
const UPDATE = 2
const NOTHING_BYTES = 2

/** What was sent and has not come back, found by its bytes: thousands of letters may be on the way. */
class Sent {
  #byBytes = new Map()
  #count = 0

  get isEmpty() {
    return this.#byBytes.size === 0
  }

  add(update, isTyped) {
    const bytes = keyOf(update)
    if (!this.#byBytes.has(bytes)) this.#byBytes.set(bytes, [])
    this.#byBytes.get(bytes).push({ at: this.#count++, isTyped })
  }

  /**
   * Takes out what came back: how many updates somebody typed are known by that, or nothing if these bytes were not sent.
   *
   * An update with a gap does not come back: the answer that comes back has it, and all else from before. An answer may be
   * the same bytes as an update before it that was refused.
   */
  take(update) {
    const bytes = keyOf(update)
    const newest = this.#byBytes.get(bytes)?.at(-1)
    if (!newest) return undefined
    const isKnown = newest.isTyped ? sent => sent === newest : sent => sent.at <= newest.at
    const among = newest.isTyped ? [[bytes, this.#byBytes.get(bytes)]] : [...this.#byBytes]
    let typed = 0
    for (const [bytes, all] of among) {
      typed += all.filter(sent => isKnown(sent) && sent.isTyped).length
      const left = all.filter(sent => !isKnown(sent))
      if (left.length > 0) this.#byBytes.set(bytes, left)
      else this.#byBytes.delete(bytes)
    }
    return typed
  }
}

function keyOf(update) {
  return Buffer.from(update).toString("latin1")
}

class WebsocketPeer extends Peer {
  /** The updates that came back, in order. */
  echoes = []
  acknowledged = 0
  /** With which code and reason it has stopped for good, once it has; 3.0 never does. */
  stopped
  #unacknowledged = new Sent()
  #answered = false

  /** `token` is called for each connection. */
  constructor(Provider, server, room, { doc, pass, token = pass && (() => pass.token), params = {}, connect }) {
    super(doc)
    const always = { WebSocketPolyfill: WebSocket, disableBc: true }
    if (token) Object.defineProperty(params, "token", { get: token, enumerable: true })
    this.provider = new Provider(server.url, room, doc, { ...always, connect, params })
    this.awareness = this.provider.awareness
    this.#tapSync()
    this.doc.on("update", (update, origin) => {
      if (origin !== this.provider && this.isConnected) this.#unacknowledged.add(update, true)
    })
    this.provider.on("connection-close", event => {
      this.codes.push(event?.code)
      this.#unacknowledged = new Sent()
      this.#answered = false
    })
    this.provider.on("closed", stopped => (this.stopped = stopped))
    this.watch("status", "sync", "connection-close", "closed")
  }

  /** Reads along: our answers to the server's step1 are sent updates too, and its updates may be echoes. */
  #tapSync() {
    const handle = this.provider.messageHandlers[SYNC]
    this.provider.messageHandlers[SYNC] = (encoder, decoder, ...rest) => {
      const copy = decoding.clone(decoder)
      const kind = decoding.readVarUint(copy)
      const body = decoding.readVarUint8Array(copy)
      handle(encoder, decoder, ...rest)
      if (kind === STEP1) this.#sentStep2(encoding.toUint8Array(encoder))
      if (kind === UPDATE) this.#acknowledged(body)
      this.tell()
    }
  }

  #sentStep2(frame) {
    const decoder = decoding.createDecoder(frame)
    decoding.readVarUint(decoder)
    decoding.readVarUint(decoder)
    const update = decoding.readVarUint8Array(decoder)
    this.#answered = true
    if (update.length > NOTHING_BYTES) this.#unacknowledged.add(update, false)
  }

  #acknowledged(update) {
    const typed = this.#unacknowledged.take(update)
    if (typed === undefined) return
    this.acknowledged += typed
    this.echoes.push(update)
  }

  get isConnected() {
    return this.provider.wsconnected
  }

  get isSynced() {
    return this.provider.synced
  }

  get isSaved() {
    return this.isSynced && this.#answered && this.#unacknowledged.isEmpty
  }

  /** The socket beneath, if there is one. */
  get socket() {
    return this.provider.ws
  }

  async disconnect() {
    this.provider.disconnect()
  }

  connect() {
    this.provider.connect()
  }

  /** Ends its connection without a word, and does not come back. */
  breakOff() {
    this.provider.shouldConnect = false
    this.socket.terminate()
  }

  leave() {
    this.provider.destroy()
    this.doc.destroy()
  }
}

/** Version 3.0, which comes back after every close. */
export class Websocket30 extends WebsocketPeer {
  constructor(server, room, { doc = new Y.Doc(), ...options } = {}) {
    super(Provider30, server, room, { doc, ...options })
  }
}

/** Version 3.1, which takes some codes for final. */
export class Websocket31 extends WebsocketPeer {
  constructor(server, room, { doc = new Y.Doc(), ...options } = {}) {
    super(Provider31, server, room, { doc, ...options })
  }
}

/** Version 4, with a document of Yjs 14. */
export class Websocket4 extends WebsocketPeer {
  constructor(server, room, { doc = new Y14.Doc(), ...options } = {}) {
    super(Provider4, server, room, { doc, ...options })
  }
}
