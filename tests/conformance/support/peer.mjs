/** A stock y-websocket provider with its document, which listens for the echoes of what it sent. It knows no test. */
import * as decoding from "lib0/decoding"
import * as encoding from "lib0/encoding"
import WebSocket from "ws"
import { WebsocketProvider as Provider31 } from "y-websocket"
import { WebsocketProvider as Provider30 } from "y-websocket-3.0"
import * as Y from "yjs"
import { until } from "./wait.mjs"

/** The pinned releases of y-websocket. */
export const PROVIDERS = { "3.0.0": Provider30, "3.1.0": Provider31 }

// Every provider listens for the end of the process.
process.setMaxListeners(0)

const SYNC = 0
const STEP1 = 0
const UPDATE = 2
const NOTHING_BYTES = 2

export class Peer {
  /** How often its connection has ended, by whoever's wish. */
  closes = 0
  /** The updates that came back, in order. */
  echoes = []
  #unacknowledged = []
  #answered = false
  #listeners = new Set()

  /** Connects to a document, unless `connect: false`. */
  constructor(server, room, { version = "3.1.0", doc = new Y.Doc(), ...options } = {}) {
    this.doc = doc
    const always = { WebSocketPolyfill: WebSocket, disableBc: true }
    this.provider = new PROVIDERS[version](server.url, room, doc, { ...always, ...options })
    this.awareness = this.provider.awareness
    this.#tapSync()
    this.doc.on("update", (update, origin) => {
      if (origin !== this.provider && this.provider.wsconnected) this.#unacknowledged.push(update)
    })
    this.provider.on("connection-close", () => {
      this.closes += 1
      this.#unacknowledged = []
      this.#answered = false
    })
    this.doc.on("update", this.#tell)
    this.awareness.on("update", this.#tell)
    for (const event of ["status", "sync", "connection-close", "closed"]) this.provider.on(event, this.#tell)
  }

  #tell = () => {
    for (const listener of this.#listeners) listener()
  }

  /** Calls back after anything has happened to the document, the presence or the connection. */
  listen(callback) {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
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
      this.#tell()
    }
  }

  #sentStep2(frame) {
    const decoder = decoding.createDecoder(frame)
    decoding.readVarUint(decoder)
    decoding.readVarUint(decoder)
    const update = decoding.readVarUint8Array(decoder)
    this.#answered = true
    if (update.length > NOTHING_BYTES) this.#unacknowledged.push(update)
  }

  #acknowledged(update) {
    const at = this.#unacknowledged.findIndex(sent => Buffer.compare(sent, update) === 0)
    if (at < 0) return
    this.#unacknowledged.splice(at, 1)
    this.echoes.push(update)
  }

  /** Whether everything in its document is on the server's disk, as far as echoes tell. */
  get isSaved() {
    return this.provider.synced && this.#answered && this.#unacknowledged.length === 0
  }

  /** Waits until the server's document has arrived. */
  async synced() {
    await until("the document", [this], () => this.provider.synced)
    return this
  }

  /** Waits until everything it has sent has come back. */
  async saved() {
    await until("the echoes", [this], () => this.isSaved)
    return this
  }

  /** The states of everyone else. */
  others() {
    const everyone = [...this.awareness.getStates()]
    return everyone.filter(([client]) => client !== this.doc.clientID).map(([, state]) => state)
  }

  /** Ends it for good. */
  leave() {
    this.provider.destroy()
    this.doc.destroy()
  }
}

/** Makes the peers of one test and ends them after it. */
export function peersOf(test) {
  const peers = []
  test.after(() => peers.forEach(peer => void peer.leave()))
  return (server, room, options) => {
    const peer = new Peer(server, room, options)
    peers.push(peer)
    return peer
  }
}

/** Waits until the peers know the same operations and deletions. */
export async function converged(...peers) {
  await until("everyone to converge", peers, () => {
    const [first, ...rest] = peers.map(({ doc }) => Y.snapshot(doc))
    return rest.every(snapshot => Y.equalSnapshots(first, snapshot))
  })
}
