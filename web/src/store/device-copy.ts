/**
 * The copy of one document that this browser keeps, as one of its tabs writes it.
 * Knows updates and what the server is known to have of them; no editor, no socket and no words.
 */
import type { StatusFacts } from "../client"
import type { Keeper } from "../memory"
import * as database from "./database"
import { forgetCopy } from "./shelf"
import { siblings } from "./siblings"
import { isTyped, joined, updateIn } from "./update"

/** Where the words of this person are that the server is not known to have: only in this tab, on their way, on the device. */
export type Keeping = "tab" | "writing" | "device"

/** What a copy asks of the page that has it. */
export interface Owner {
  /** Puts updates into the replica, and asks the server whether it has them if `asks`; false when that is not possible. */
  take(updates: readonly Uint8Array[], asks: boolean): boolean
  /** The whole document as one frame. */
  whole(): Uint8Array | undefined
  describe(): Omit<database.KeptDocument, "name" | "copy">
  /** Where words are kept has changed, or how many there are. */
  onChange(): void
  /** Another tab has let go of the copy. */
  onForgotten(): void
}

/** What is typed is written so much later at the most, in ms; with the time that writing takes it stays below 250. */
const OWN_MS = 100
/** The same for what the server has anyway. */
const OTHERS_MS = 1_000
/** How long until it is tried again when it could not be written. */
const AGAIN_MS = 5_000
/** Pieces, and bytes beyond the whole document, from which on it is written anew as one; and the same when it is opened. */
const MOST_PIECES = 500
const FEW_PIECES = 8
const SPARE_BYTES = 256 * 1024

/** A tab's hand on the copy of a document. */
export class DeviceCopy implements Keeper {
  private store: IDBDatabase | null = null
  private readonly tab = chance()
  /** Which copy it is; empty until there is one. */
  private copy = ""
  private pending: Uint8Array[] = []
  /** The pieces of which everything is in the replica, and the last one that was looked at. */
  private known: number[] = []
  private seen = 0
  private bytes = 0
  private wholeBytes = 0
  /** What other tabs, or those of earlier visits, have typed that the server was not known to have. */
  private marks: readonly database.Unsaved[] = []
  /** How much was typed here, how much of that is written, and how much of it the server has. */
  private typed = 0
  private written = 0
  private saved = 0
  /** What stands in the store for what this tab has typed. */
  private mark = 0
  private isOver = false
  private isForgotten = false
  /** A piece could not be written, and what comes after it may build on it: only the whole document helps. */
  private isTorn = false
  private isLive = false
  private timer = 0
  private dueAt = Number.POSITIVE_INFINITY
  private beginning: Promise<void> | null = null
  private readonly siblings
  private readonly opening: Promise<{ store: IDBDatabase; found: database.Found }>
  /** Whether nothing is kept so far, or nothing can be. */
  readonly isNew: Promise<boolean>

  constructor(
    private readonly name: string,
    private readonly owner: Owner,
  ) {
    // Looked for while the page still loads what will read it.
    this.opening = look(name)
    this.isNew = this.opening.then(
      ({ found }) => found.pieces.length === 0,
      () => true,
    )
    this.siblings = siblings(name, {
      onWritten: () => this.catchUp(),
      onForgotten: () => {
        if (this.isOver) return
        this.end()
        owner.onForgotten()
      },
    })
  }

  /** Whether something was typed, here or on an earlier visit, that the server is not known to have. */
  get hasUnsaved(): boolean {
    return this.saved < this.typed || this.marks.length > 0
  }

  get keeping(): Keeping {
    if (!this.store || this.isOver || this.isTorn) return "tab"
    return this.written < this.typed ? "writing" : "device"
  }

  /** Hands what is kept to the replica; the document as it was described, if anything is kept of it. */
  async open(asks: boolean): Promise<database.KeptDocument | undefined> {
    let { store, found } = await this.opening
    let { document, pieces, unsaved } = found
    if (this.isOver) return undefined
    store.onclose = () => this.end()
    let own = pieces.filter(({ copy }) => copy === document?.copy)
    let isReadable = own.length === 0 || this.take(own, unsaved, asks)
    // Where nothing is lost by it, a copy that cannot be read makes room for another; without it nothing is kept.
    if (!isReadable && unsaved.length > 0) throw new Error("the copy on this device cannot be read")
    if (!isReadable || (!document && pieces.length > 0)) await database.remove(store, this.name)
    if (isReadable) this.copy = document?.copy ?? ""
    this.store = store
    if (this.pending.length) this.writeSoon(0)
    if (this.known.length) this.compactIfLong(FEW_PIECES)
    this.owner.onChange()
    return isReadable ? document : undefined
  }

  keep(frame: Uint8Array, isOwn: boolean) {
    // What the server is told when it asks was kept when it was typed.
    let update = isOwn && !isTyped(frame) ? undefined : updateIn(frame)
    if (!update) return
    if (isOwn) this.typed++
    if (isOwn) this.owner.onChange()
    if (this.isOver) return
    this.pending.push(update)
    this.writeSoon(isOwn ? OWN_MS : OTHERS_MS)
  }

  replace() {
    this.isTorn = true
    this.writeSoon(OWN_MS)
  }

  /** Takes note of how things stand. */
  told({ saved, network }: Pick<StatusFacts, "saved" | "network">) {
    let wasLive = this.isLive
    this.isLive = network === "live"
    // Who is connected hears of the others' words from the server; who is not, from them.
    if (wasLive && !this.isLive) this.catchUp()
    if (!saved || !this.hasUnsaved) return
    this.saved = this.typed
    this.writeSoon(OWN_MS)
    let { marks, store } = this
    this.marks = []
    if (marks.length && store) database.unmark(store, marks).catch(console.warn)
  }

  /** Writes now what there is to write: the page may go. */
  flush() {
    if (!this.store || this.isOver) return
    this.write()
    if (this.copy) database.describe(this.store, this.described(this.copy)).catch(console.warn)
  }

  /** Keeps nothing of this document any more, and lets go of what is kept: nobody wants to have it. */
  async forget(): Promise<void> {
    if (this.isForgotten) return
    this.isForgotten = true
    this.saved = this.typed
    this.marks = []
    this.end()
    await forgetCopy(this.name)
  }

  /** Writes what there is to write, and lets go of the store: nobody here needs the document any more. */
  leave() {
    this.flush()
    this.end()
    this.siblings.close()
    // What was asked for before is done all the same.
    this.opening.then(({ store }) => store.close()).catch(() => {})
  }

  /** Keeps nothing from now on. */
  end() {
    this.isOver = true
    this.pending = []
    clearTimeout(this.timer)
    this.owner.onChange()
  }

  private take(
    pieces: readonly database.Piece[],
    unsaved: readonly database.Unsaved[],
    asks: boolean,
  ): boolean {
    // What builds on something comes after it, and a whole document builds on nothing.
    let inOrder = [...pieces].sort((a, b) => Number(b.isWhole) - Number(a.isWhole) || a.id - b.id)
    let marks = unsaved.filter(({ tab }) => tab !== this.tab)
    let updates = inOrder.map(({ updates }) => updates)
    if (!this.owner.take(updates, asks || marks.length > 0)) return false
    this.marks = marks
    for (let { id, updates, isWhole } of inOrder) {
      this.known.push(id)
      this.bytes += updates.length
      if (isWhole) this.wholeBytes = updates.length
      this.seen = Math.max(this.seen, id)
    }
    return true
  }

  /** Takes in what other tabs have written, while the server cannot tell. */
  private async catchUp() {
    let { store } = this
    if (!store || this.isLive || this.isOver) return
    let { pieces, unsaved } = await database.find(store, this.name, this.seen)
    if (this.isLive || this.isOver) return
    let news = pieces.filter(({ id, copy, tab }) => copy === this.copy && tab !== this.tab && id > this.seen)
    if (news.length) this.take(news, unsaved, true)
    this.owner.onChange()
  }

  private writeSoon(ms: number) {
    let at = performance.now() + ms
    if (at >= this.dueAt || !this.store || this.isOver) return
    clearTimeout(this.timer)
    this.dueAt = at
    this.timer = window.setTimeout(() => this.write(), ms)
  }

  /** All of it is asked for in this task, so that a page that goes gets it done; only the first has to wait for its copy. */
  private write(isWhole = this.isTorn) {
    clearTimeout(this.timer)
    this.dueAt = Number.POSITIVE_INFINITY
    if (this.copy) return void this.add(isWhole).catch(error => this.failed(error))
    if (!this.pending.length) return
    this.beginning ??= this.begin().finally(() => {
      this.beginning = null
    })
  }

  private async begin() {
    if (!this.store) return
    try {
      this.copy = await database.begin(this.store, this.described(chance()))
      await this.add(this.isTorn)
    } catch (error) {
      this.failed(error)
    }
  }

  private async add(isWhole: boolean) {
    let { store, typed, pending } = this
    let unsaved = typed - this.saved
    if (!store || this.isOver || !this.copy) return
    if (!pending.length && !isWhole) return unsaved ? undefined : this.unmark(store)
    let frame = isWhole ? this.owner.whole() : undefined
    let whole = frame && updateIn(frame)
    // Without the whole document a torn copy stays as it was, and another one only grows.
    if (this.isTorn && !whole) return this.writeSoon(AGAIN_MS)
    if (!whole && !pending.length) return
    let replaces = whole ? [...this.known] : null
    let addition = {
      name: this.name,
      copy: this.copy,
      tab: this.tab,
      updates: whole ?? joined(pending),
      unsaved,
      replaces,
      isStrict: unsaved > 0,
    }
    this.pending = []
    this.mark = unsaved
    let id = await database.add(store, addition)
    this.written = Math.max(this.written, typed)
    if (replaces) {
      this.isTorn = false
      this.known = this.known.filter(id => !replaces.includes(id))
      this.wholeBytes = addition.updates.length
      this.bytes = 0
    }
    this.known.push(id)
    this.bytes += addition.updates.length
    this.siblings.written()
    this.owner.onChange()
    this.compactIfLong(MOST_PIECES)
    if (unsaved && !this.isLive) persist()
  }

  private async unmark(store: IDBDatabase) {
    if (!this.mark) return
    let mark = { name: this.name, tab: this.tab, count: this.mark }
    this.mark = 0
    await database.unmark(store, [mark])
  }

  private failed(error: unknown) {
    if (this.isOver) return
    console.warn("the copy on this device could not be written:", error)
    this.isTorn = true
    this.owner.onChange()
    this.writeSoon(AGAIN_MS)
  }

  /** Writes the whole document as one piece, if there are many, or if they are much longer than that. */
  private compactIfLong(most: number) {
    if (this.known.length <= most && this.bytes <= 2 * this.wholeBytes + SPARE_BYTES) return
    let compact = () => void (this.copy && this.write(true))
    // Two tabs that do it at once lose nothing; with locks, where a browser has them, they do not do it twice.
    let locks = navigator.locks as LockManager | undefined
    if (!locks) return compact()
    locks
      .request(`codraft:${this.name}`, { ifAvailable: true }, lock => lock && compact())
      .catch(console.warn)
  }

  private described(copy: string): database.KeptDocument {
    return { ...this.owner.describe(), name: this.name, copy }
  }
}

async function look(name: string) {
  let store = await database.openDatabase()
  return { store, found: await database.find(store, name) }
}

let isAsked = false

/** Asks the browser not to clear this site away to make room, now that there are words here that are nowhere else. */
function persist() {
  if (isAsked) return
  isAsked = true
  navigator.storage?.persist?.().catch(() => {})
}

function chance(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), byte =>
    byte.toString(16).padStart(2, "0"),
  ).join("")
}
