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

/** What happens on a line, never while somebody calls one of its methods. */
export interface LineEvents {
  /** `isGreeted` says whether the greeting has been said. */
  opened(isGreeted: boolean): void
  received(frame: Uint8Array): void
  closed(code: number, reason: string): void
}

/**
 * A line as the replica uses it: of a socket it needs whether it is open, and to send. It may be there before the replica is:
 * what happens until somebody listens is told then.
 */
export class Line {
  private socket: WebSocket | null = null
  private events: LineEvents | null = null
  private missed: ((events: LineEvents) => void)[] = []
  private greeting: Uint8Array<ArrayBuffer> | null = null
  private isGreeted = false
  private readonly leaving = new AbortController()

  constructor(address: Address) {
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

  /** Has this said first of all, unless somebody listens before it can be said. */
  greet(frame: Uint8Array<ArrayBuffer>) {
    this.greeting = frame
    this.sayGreeting()
  }

  /** Tells what happens from now on, and before it what has happened. */
  listen(events: LineEvents) {
    let listen = () => {
      this.events = events
      for (let tell of this.missed.splice(0)) if (!this.leaving.signal.aborted) tell(events)
    }
    // A page in the background has to wait for its timers.
    if (this.missed.length) setTimeout(listen)
    else listen()
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
    socket.onopen = () => {
      this.sayGreeting()
      this.happened(events => events.opened(this.isGreeted))
    }
    // A text frame is not ours; it is told as an empty frame, which says nothing.
    socket.onmessage = ({ data }) => {
      let frame = new Uint8Array(data instanceof ArrayBuffer ? data : [])
      this.happened(events => events.received(frame))
    }
    socket.onclose = ({ code, reason }) => this.happened(events => events.closed(code, reason))
  }

  private sayGreeting() {
    if (!this.greeting || this.events || this.isGreeted || this.readyState !== WebSocket.OPEN) return
    this.send(this.greeting)
    this.isGreeted = true
  }

  private happened(tell: (events: LineEvents) => void) {
    if (this.events) tell(this.events)
    else this.missed.push(tell)
  }

  private failed(error: unknown) {
    if (this.leaving.signal.aborted) return
    let [code, reason] = error instanceof Refusal ? [error.code, error.message] : [1006, ""]
    this.happened(events => events.closed(code, reason))
  }
}
