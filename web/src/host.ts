/**
 * What a replica needs of the browser: its line and its timer, for as long as the replica lives.
 * Decides nothing, and never calls the replica from within one of its own calls.
 */
import type { Replica } from "./client"
import { type Address, Line } from "./line"
import type { Memory } from "./memory"
import { type You, youIn } from "./you"

/** How a document is reached, and who hears what the server says of the person who reaches for it. */
export interface Door {
  readonly address: Address
  told(you: You): void
}

/** What a host is told to do with what happens. */
export interface HostEvents {
  /** Runs a call on the replica, which may fail. */
  tell(call: (replica: Replica) => void): void
  /** Something waits in the replica, or its status has changed. */
  wake(): void
}

/** A line and a timer for one replica. */
export class Host {
  private line: Line | null = null
  private timer = 0

  constructor(
    private readonly door: Door,
    private readonly memory: Memory,
    private readonly events: HostEvents,
    /** The first line, if it has been dialled already. */
    private ahead?: Line,
  ) {}

  /** A line that is listened to; the replica sends on it as on a socket, also while the socket is still to come. */
  open(): Line {
    this.wake()
    this.line = this.ahead ?? new Line(this.door.address)
    this.ahead = undefined
    this.line.listen({
      opened: isGreeted => this.tell(replica => (isGreeted ? replica.openedGreeted() : replica.opened())),
      received: frame => this.received(frame),
      closed: (code, reason) => {
        this.line = null
        this.tell(replica => replica.closed(code, reason))
      },
    })
    return this.line
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

  /** Hears no more of the line. */
  leave() {
    clearTimeout(this.timer)
    this.line?.leave()
    this.ahead?.leave()
    this.line = null
    this.ahead = undefined
  }

  private received(frame: Uint8Array) {
    this.memory.received(frame)
    // The replica passes over what is said of the person; who they are is the page's concern.
    let you = youIn(frame)
    if (you) this.door.told(you)
    this.tell(replica => replica.received(frame))
  }

  private tell(call: (replica: Replica) => void) {
    this.events.tell(call)
  }
}
