/**
 * What a replica needs of the browser: its socket and its timer, for as long as the replica lives.
 * Decides nothing, and never calls the replica from within one of its own calls.
 */
import type { Replica } from "./client"
import type { Memory } from "./memory"

/** What a host is told to do with what happens. */
export interface HostEvents {
  /** Runs a call on the replica, which may fail. */
  tell(call: (replica: Replica) => void): void
  /** Something waits in the replica, or its status has changed. */
  wake(): void
}

/** A socket and a timer for one replica. */
export class Host {
  private socket: WebSocket | null = null
  private timer = 0

  constructor(
    private readonly url: string,
    private readonly memory: Memory,
    private readonly events: HostEvents,
  ) {}

  /** A socket that is listened to; the replica sends on it. */
  open(): WebSocket | undefined {
    this.wake()
    let socket: WebSocket
    try {
      socket = new WebSocket(this.url)
    } catch {
      setTimeout(() => this.tell(replica => replica.closed(4400, "the address of the document is not valid")))
      return undefined
    }
    this.socket = socket
    socket.binaryType = "arraybuffer"
    socket.onopen = () => this.tell(replica => replica.opened())
    socket.onmessage = ({ data }) => {
      // A text frame is not ours; it is told as an empty frame, which says nothing.
      let frame = new Uint8Array(data instanceof ArrayBuffer ? data : [])
      this.memory.received(frame)
      this.tell(replica => replica.received(frame))
    }
    socket.onclose = ({ code, reason }) => {
      this.socket = null
      this.tell(replica => replica.closed(code, reason))
    }
    return socket
  }

  keep(frame: Uint8Array<ArrayBuffer>) {
    this.memory.said(frame)
  }

  close() {
    this.leave()
    this.wake()
  }

  wait(ms: number) {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.tell(replica => replica.tick()), ms)
  }

  wake() {
    // From a task of its own: whoever is woken may call the replica, which is in the middle of something.
    setTimeout(() => this.events.wake())
  }

  /** Hears no more of the socket. */
  leave() {
    clearTimeout(this.timer)
    let { socket } = this
    if (!socket) return
    this.socket = null
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  private tell(call: (replica: Replica) => void) {
    this.events.tell(call)
  }
}
