/** y-sweet's provider, which asks whether everything up to a version of its own is on the disk. */
import { createYjsProvider } from "@y-sweet/client"
import WebSocket from "ws"
import * as Y from "yjs"
import { until } from "../wait.mjs"
import { Peer } from "./peer.mjs"

/** Nobody listens there. */
const NOWHERE = "ws://127.0.0.1:1"

export class Sweet extends Peer {
  #isOnline = true

  /** `token` is called for each answer of its app's backend. */
  constructor(server, room, { doc = new Y.Doc(), pass, token, connect = true } = {}) {
    super(doc)
    const isOnline = () => this.#isOnline
    class Network extends WebSocket {
      constructor(url) {
        super(isOnline() ? url : NOWHERE)
      }
    }
    const wayIn = async () => pass ?? (token ? server.way(room, token()) : await server.pass(room))
    const options = { WebSocketPolyfill: Network, showDebuggerLink: false, connect }
    this.provider = createYjsProvider(doc, room, wayIn, options)
    this.awareness = this.provider.awareness
    // Without a network it tries in vain, which is no close.
    this.provider.on("connection-close", ({ code }) => this.isConnected && this.codes.push(code))
    this.watch("connection-status", "local-changes", "connection-close")
  }

  get isConnected() {
    return this.provider.wsconnected
  }

  get isSynced() {
    return this.provider.status === "connected"
  }

  get isSaved() {
    return this.isSynced && !this.provider.hasLocalChanges
  }

  get acknowledged() {
    return Math.max(0, this.provider.ackedVersion)
  }

  /** The socket beneath, if there is one. */
  get socket() {
    return this.provider.websocket
  }

  /** Takes the network away: told to disconnect, the provider connects again at once (0.9.1). */
  async disconnect() {
    this.breakOff()
    await until("the end of the connection", [this], () => !this.isConnected)
  }

  /** Says that there is a network again, as a browser does. */
  connect() {
    this.#isOnline = true
    this.provider.online()
  }

  /** Ends its connection without a word, and does not come back. */
  breakOff() {
    this.#isOnline = false
    this.socket.terminate()
  }

  leave() {
    const { provider } = this
    // Destroyed, it would go on connecting (0.9.1).
    provider.attemptToConnect = async () => true
    provider.ensureClientToken = async () => ({})
    if (provider.websocket) Object.assign(provider.websocket, { onclose: null, onmessage: null })
    provider.online()
    provider.clearHeartbeat()
    provider.clearConnectionTimeout()
    provider.destroy()
    this.doc.destroy()
  }
}
