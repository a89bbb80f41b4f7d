/**
 * A document's replica and how it is reached: loads the wasm, runs every call on it, and puts a fresh replica in the
 * place of one that has failed.
 * Knows no editor: whoever shows the text says what is on the screen.
 */
import init, { Client, __wbg_reset_state as startAnew } from "#wasm"
import type { Changes, Replica, Splices } from "./client"
import { type Door, Host } from "./host"
import { Line } from "./line"
import { type Keeper, Memory } from "./memory"
import { spliceBetween } from "./splice"

/** A replica that fails again so soon has a fault that a fresh one does not cure. */
const CURED_MS = 60_000

/** Where the wasm is, or its bytes. */
export type WasmSource = URL | string | BufferSource

/** Whoever shows the text. */
export interface Screen {
  /** The text that is shown; null when nobody shows any. */
  shown(): string | null
  /** A fresh replica has the text that is shown, and is to be told who is here. */
  onRecovered(): void
  /** The replica has failed, and a fresh one would not help. */
  onBroken(error: unknown): void
  /** The text before the server's copy, which is another one, took its place. */
  onLost(text: string): void
}

/** One page has one instance of the wasm for all its documents; how often it was started anew. */
let restarts = 0

/** Changes nothing. */
const NOTHING = Uint32Array.of(0, 0, 0)

/** The first words of a replica with nothing in it, as `core` has them (`session/greeting.rs`). */
const GREETING = Uint8Array.of(103, 2, 0, 1, 0, 0, 1, 0)

/** What a connection may have more than a door. */
export interface Opening {
  /** Keeps what the replica is made from. */
  readonly keeper?: Keeper | undefined
  /**
   * It will be told to connect as soon as it is there. Meanwhile the socket is opened, which takes some turns of the network; and
   * once this says that the replica will have nothing to begin with, the document is sent for.
   */
  readonly isNew?: Promise<boolean>
}

/**
 * Loads the wasm from `source`, once for all documents of a page, and opens a replica of the document behind `door`, to show
 * one of its texts; it connects when told to.
 */
export async function openConnection(
  source: WasmSource,
  door: Door,
  field: string,
  { keeper, isNew }: Opening = {},
): Promise<Connection> {
  let ahead = isNew && new Line(door.address)
  isNew?.then(isNew => isNew && ahead?.greet(GREETING))
  try {
    await init({ module_or_path: source })
    return new Connection(door, field, keeper, ahead)
  } catch (error) {
    ahead?.leave()
    throw error
  }
}

/** A replica that outlives its failures. */
export class Connection {
  private readonly memory: Memory
  private readonly listeners = new Set<() => void>()
  private readonly pulledListeners = new Set<() => void>()
  private screen: Screen | null = null
  private host: Host
  private replica: Replica
  private born = restarts
  private recoveredAt = -CURED_MS
  private broken = false
  private isOver = false
  /** What this browser keeps waits to be shown. */
  private isReminded = false
  /** How often a fresh replica took the place of a failed one. */
  recoveries = 0

  constructor(
    private readonly door: Door,
    private readonly field: string,
    keeper?: Keeper,
    ahead?: Line,
  ) {
    this.memory = new Memory(keeper)
    this.host = this.freshHost(ahead)
    this.replica = new Client(this.host, this.field)
  }

  /** From here on a failed replica is recovered with what this screen shows. */
  showOn(screen: Screen) {
    this.screen = screen
  }

  /** Calls `listener` whenever the replica has something to tell; returns how to stop. */
  onWake(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Calls `listener` whenever what has arrived is in the replica, and about to be shown; returns how to stop. */
  onPulled(listener: () => void): () => void {
    this.pulledListeners.add(listener)
    return () => this.pulledListeners.delete(listener)
  }

  /** Runs a call on the replica; undefined when that has failed. */
  attempt<T>(call: (replica: Replica) => T): T | undefined {
    if (this.broken || this.isOver) return undefined
    try {
      return call(this.replica)
    } catch (error) {
      this.recover(error)
      return undefined
    }
  }

  /**
   * Hands the replica what this browser keeps of the document, and has the server asked whether it has that if `asks`: until
   * it has said so, nothing counts as saved. False if that cannot be read: then the replica is as it was before there was
   * any text in it.
   */
  remind(updates: readonly Uint8Array[], asks: boolean): boolean {
    let take = (replica: Replica) => {
      for (let update of updates) {
        this.memory.reminded(update)
        replica.received(update)
      }
      if (asks) replica.edit(NOTHING, "", -1, -1)
      return true
    }
    this.isReminded = true
    if (this.screen) return this.attempt(take) ?? false
    try {
      take(this.replica)
      this.replica.pull()?.free()
      this.memory.pulled()
      return true
    } catch (error) {
      console.warn("what is kept of the document cannot be read:", error)
      this.memory.clear()
      this.startOver()
      return false
    } finally {
      this.isReminded = false
    }
  }

  /** Takes what has arrived, and what `also` asks for after it, for the editor to show at once. */
  pull<T>(also: (replica: Replica) => T): { changes: Splices | undefined; also: T } | undefined {
    // One call: what the memory holds and what the screen is about to show must not part when the replica fails in it.
    let pulled = this.attempt(replica => {
      let changes = plain(replica.pull())
      let asked = also(replica)
      let lost = replica.takeLost()
      let whole = lost !== undefined || this.memory.isLong() ? replica.snapshot() : undefined
      return { changes, asked, lost, whole }
    })
    if (!pulled) return undefined
    let { changes, asked, lost, whole } = pulled
    this.memory.pulled()
    if (whole && lost !== undefined) this.memory.replaced(whole)
    else if (whole) this.memory.replace(whole)
    if (lost !== undefined) this.screen?.onLost(lost)
    for (let listener of this.pulledListeners) listener()
    if (this.isReminded) this.tellOfReminders()
    return { changes, also: asked }
  }

  /** What did not come from the server is told to it when it asks: if it has asked already, on another connection. */
  private tellOfReminders() {
    this.isReminded = false
    this.attempt(replica => {
      let status = replica.status()
      let { network } = status
      status.free()
      if (network !== "live") return
      replica.networkLost()
      replica.connect()
    })
  }

  /** Lets go of the replica and all that it holds; every later call does nothing. */
  end() {
    if (this.isOver) return
    this.attempt(replica => replica.close())
    this.isOver = true
    this.host.leave()
    this.listeners.clear()
    this.pulledListeners.clear()
    this.memory.clear()
    // What belonged to an instance that was given up is gone with it.
    if (!this.broken && this.born === restarts) this.replica.free()
  }

  private freshHost(ahead?: Line): Host {
    let events = {
      tell: (call: (replica: Replica) => void) => void this.attempt(call),
      wake: () => {
        for (let listener of this.listeners) listener()
      },
    }
    return new Host(this.door, this.memory, events, ahead)
  }

  private recover(error: unknown) {
    this.host.leave()
    let since = performance.now() - this.recoveredAt
    this.recoveredAt = performance.now()
    try {
      if (since < CURED_MS || !this.screen) throw error
      this.begin(this.screen)
    } catch {
      this.broken = true
      this.host.leave()
      this.screen?.onBroken(error)
      return
    }
    console.warn("the editor's engine failed and was started anew:", error)
    this.recoveries++
    this.screen.onRecovered()
  }

  /** Makes a replica from what the failed one was made from, and what the screen shows beyond that. */
  private begin(screen: Screen) {
    let frames = this.memory.recall()
    this.startOver()
    for (let frame of frames) this.replica.received(frame)
    this.replica.pull()?.free()
    let text = this.replica.text()
    let { from, to, insert } = spliceBetween(text, screen.shown() ?? text)
    // An edit also when there is no difference: until the server has said so, nothing of this replica is saved.
    this.replica.edit(Uint32Array.of(from, to, insert.length), insert, -1, -1)
  }

  /** An empty replica in the place of this one. */
  private startOver() {
    this.host.leave()
    // Another document of this page may have started it anew already.
    if (this.born === restarts) {
      startAnew()
      restarts++
    }
    this.born = restarts
    this.host = this.freshHost()
    this.replica = new Client(this.host, this.field)
  }
}

/** Changes that no longer live in wasm memory. */
function plain(changes: Changes | undefined): Splices | undefined {
  if (!changes) return undefined
  let { ranges, inserted } = changes
  changes.free()
  return { ranges, inserted }
}
