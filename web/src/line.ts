/**
 * One attempt at a connection: finds out the address, then has a socket there, until it closes or is left.
 * Knows no replica and no frame's meaning.
 */

/** Why there is no way in, in the terms of a socket's end. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    reason: string,
  ) {
    super(reason)
  }
}

/** Finds out the address for one attempt. What fails with a `Refusal` ends as that; anything else as a network does. */
export type Address = (signal: AbortSignal) => string | Promise<string>

/** What happens on a line, each from a task of its own. */
export interface LineEvents {
  opened(): void
  received(frame: Uint8Array): void
  closed(code: number, reason: string): void
}

/** A line as the replica uses it: of a socket it needs whether it is open, and to send. */
export class Line {
  private socket: WebSocket | null = null
  private readonly leaving = new AbortController()

  constructor(
    address: Address,
    private readonly events: LineEvents,
  ) {
    let found = address(this.leaving.signal)
    if (typeof found === "string") this.dial(found)
    else found.then(address => this.dial(address)).catch(error => this.failed(error))
  }

  get readyState(): number {
    return this.socket?.readyState ?? WebSocket.CONNECTING
  }

  send(frame: Uint8Array<ArrayBuffer>) {
    this.socket?.send(frame)
  }

  /** Hears no more of it, wherever it had come to. */
  leave() {
    this.leaving.abort()
    let { socket } = this
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  private dial(address: string) {
    if (this.leaving.signal.aborted) return
    let socket: WebSocket
    try {
      socket = new WebSocket(address)
    } catch {
      setTimeout(() => this.failed(new Refusal(4400, "the address of the document is not valid")))
      return
    }
    this.socket = socket
    socket.binaryType = "arraybuffer"
    socket.onopen = () => this.events.opened()
    // A text frame is not ours; it is told as an empty frame, which says nothing.
    socket.onmessage = ({ data }) =>
      this.events.received(new Uint8Array(data instanceof ArrayBuffer ? data : []))
    socket.onclose = ({ code, reason }) => this.events.closed(code, reason)
  }

  private failed(error: unknown) {
    if (this.leaving.signal.aborted) return
    if (error instanceof Refusal) this.events.closed(error.code, error.message)
    else this.events.closed(1006, "")
  }
}
