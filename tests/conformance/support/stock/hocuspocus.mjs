/** Hocuspocus's provider, which counts what it has sent and takes one off for each status. */
import { HocuspocusProvider as Provider4, HocuspocusProviderWebsocket as Socket4 } from "@hocuspocus/provider"
import { HocuspocusProvider as Provider3, HocuspocusProviderWebsocket as Socket3 } from "hocuspocus-provider-3"
import * as Y from "yjs"
import { BrowserSocket } from "../browser-socket.mjs"
import { until } from "../wait.mjs"
import { Peer } from "./peer.mjs"

class HocuspocusPeer extends Peer {
  /** What apps of the others have sent. */
  stateless = []
  /** Why it was not let in, each time. */
  refusals = []
  /** What it was told it may do, each time. */
  scopes = []

  /** `socket` is one to share with others, from `socketTo`; otherwise it has one of its own. */
  constructor(Provider, server, room, { doc = new Y.Doc(), pass, token, socket, connect = true, ...options } = {}) {
    super(doc)
    this.isAlone = !socket
    const way = socket
      ? { websocketProvider: socket }
      : { url: server.hocuspocus, WebSocketPolyfill: BrowserSocket, autoConnect: connect }
    const configuration = { ...way, name: room, document: doc, token: token ?? pass?.token ?? null, ...options }
    this.provider = new Provider(configuration)
    this.awareness = this.provider.awareness
    this.provider.on("close", ({ event }) => this.codes.push(event.code))
    this.provider.on("stateless", ({ payload }) => this.stateless.push(payload))
    this.provider.on("authenticationFailed", ({ reason }) => this.refusals.push(reason))
    this.provider.on("authenticated", ({ scope }) => this.scopes.push(scope))
    const heard = ["message", "stateless", "authenticationFailed", "authenticated"]
    this.watch("status", "synced", "unsyncedChanges", "close", ...heard)
    if (socket) this.provider.attach()
  }

  get #socket() {
    return this.provider.configuration.websocketProvider
  }

  get isConnected() {
    return this.#socket.status === "connected"
  }

  get isSynced() {
    return this.provider.synced
  }

  get isSaved() {
    return this.isSynced && !this.provider.hasUnsyncedChanges
  }

  get acknowledged() {
    return this.updates - this.provider.unsyncedChanges
  }

  /** The socket beneath, if there is one. */
  get socket() {
    return this.#socket.webSocket
  }

  /** Waits until it is: a provider that is told to connect before that stays away. */
  async disconnect() {
    this.#socket.disconnect()
    await until("the end of the connection", [this], () => this.#socket.status === "disconnected")
  }

  connect() {
    void this.#socket.connect()
  }

  /** Ends its connection without a word, and does not come back. */
  breakOff() {
    this.#socket.shouldConnect = false
    this.socket.terminate()
  }

  leave() {
    // Destroyed while it waits for another try, version 3 goes on trying.
    if (this.isAlone) this.#socket.connect = async () => {}
    this.provider.destroy()
    this.doc.destroy()
  }
}

/** Version 3, which knows no sessions and no pings. */
export class Hocuspocus3 extends HocuspocusPeer {
  constructor(server, room, options) {
    super(Provider3, server, room, options)
  }

  /** A socket that several may share. */
  static socketTo(server) {
    return new Socket3({ url: server.hocuspocus, WebSocketPolyfill: BrowserSocket })
  }
}

/** Version 4. */
export class Hocuspocus4 extends HocuspocusPeer {
  constructor(server, room, options) {
    super(Provider4, server, room, options)
  }

  /** A socket that several may share. */
  static socketTo(server) {
    return new Socket4({ url: server.hocuspocus, WebSocketPolyfill: BrowserSocket })
  }
}
