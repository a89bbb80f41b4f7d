/**
 * What a wasm client needs of a browser: a socket and a timer. It knows no editor, and keeps nothing.
 */
export class Host {
  /** Set by whoever makes the client. */
  client
  #socket
  #timer

  constructor(url, woken) {
    this.url = url
    this.woken = woken
  }

  open() {
    const socket = new WebSocket(this.url)
    socket.binaryType = "arraybuffer"
    socket.onopen = () => this.client.opened()
    socket.onmessage = ({ data }) => this.client.received(new Uint8Array(data))
    socket.onclose = ({ code, reason }) => this.client.closed(code, reason)
    this.#socket = socket
    this.wake()
    return socket
  }

  keep() {}

  close() {
    this.leave()
    this.wake()
  }

  wait(ms) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.client.tick(), ms)
  }

  wake() {
    setTimeout(this.woken, 0)
  }

  /** Calls the client no more. */
  leave() {
    clearTimeout(this.#timer)
    if (!this.#socket) return
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null
    this.#socket.close()
    this.#socket = undefined
  }
}
