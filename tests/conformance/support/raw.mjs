/** A bare WebSocket that speaks frames: for what has to be seen as bytes. It holds no document. */
import WebSocket from "ws"
import { until } from "./wait.mjs"

export class RawPeer {
  /** Every frame received, in order. */
  frames = []
  #socket
  #listeners = new Set()

  /** The code with which its connection has ended, once it has. */
  code
  /** The reason that came with it. */
  reason

  /** Connects to an address. */
  constructor(url) {
    this.#socket = new WebSocket(url)
    this.#socket.on("message", frame => {
      this.frames.push(frame)
      this.#tell()
    })
    this.#socket.on("open", () => this.#tell())
    this.#socket.on("close", (code, reason) => {
      this.code = code
      this.reason = String(reason)
      this.#tell()
    })
    // Told as a close as well.
    this.#socket.on("error", () => {})
  }

  #tell() {
    for (const listener of this.#listeners) listener()
  }

  /** Calls back after anything has happened. */
  listen(callback) {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  /** Sends bytes, given as numbers, once the connection is open. */
  async send(...bytes) {
    await this.sendFrame(Uint8Array.from(bytes))
  }

  /** Sends a frame once the connection is open. */
  async sendFrame(frame) {
    await until("the connection", [this], () => this.#socket.readyState === WebSocket.OPEN)
    this.#socket.send(frame)
  }

  /** Waits for a frame of exactly these bytes. */
  async received(...bytes) {
    const wanted = Buffer.from(bytes)
    await until(wanted.toString("hex"), [this], () => this.has(...bytes))
  }

  /** Whether a frame of exactly these bytes has come. */
  has(...bytes) {
    const wanted = Buffer.from(bytes)
    return this.frames.some(frame => wanted.equals(frame))
  }

  /** Ends it without a word. */
  leave() {
    this.#socket.terminate()
  }
}
