/**
 * Everything that shows one document: takes what has arrived out of the replica, and keeps all editors of this tab at the
 * same text, one call each way.
 * Knows no editor beyond what `Pane` says, and no network.
 */
import type { Changes, Replica, Splices } from "./client"
import type { Connection, Screen } from "./connection"
import { afterFrame, FRAME_MS } from "./frame"
import { type Peer, peersOf } from "./peer"

/** So soon after a key a pull waits for the next frame, too: the letter is drawn first, and does not wait for what others cost. */
const TYPED_MS = 50
/** How long, and how many bytes of, remote changes an unfinished composition may hold back. */
const HOLD_MS = 5_000
const HOLD_BYTES = 65_536

/** How long after something long is shown the replica is prepared for the first key: when it is drawn. */
const PREPARE_MS = 100
/** So many characters are something long. */
const LONG = 10_000

/** One editor that shows the text. */
export interface Pane {
  shown(): string
  /** Somebody is in the middle of a word that an input method makes. */
  isComposing(): boolean
  /** Shows changes that did not come from it, and the others when there is news of them. */
  take(changes: Splices | undefined, peers: readonly Peer[] | undefined): void
  /** Shows the replica's text, whatever it shows now. */
  align(): void
  /** The others as it has them, their offsets kept right through every edit; null when it shows none. */
  others(): readonly Peer[] | null
}

/** Who hears of what happens to the text. */
export interface ScreenEvents extends Omit<Screen, "shown"> {
  /** The text has changed, whoever did it; panes have been told. */
  onText?(): void
  /** The others, or their carets, have changed; panes have been told. */
  onPeers?(peers: readonly Peer[]): void
}

/** A change by this person, as `Replica.edit` takes it. */
export interface Edit extends Splices {
  /** The main selection before it. */
  readonly anchor: number
  readonly head: number
  /** It is undone by itself, however soon it comes after typing. */
  readonly isAlone: boolean
}

/** All panes of one connection; there may be none. */
export class Screens implements Screen {
  /** The others, as they were reported last; without their carets once the text has changed that these stand in. */
  private reported: readonly Peer[] = []
  private readonly panes = new Set<Pane>()
  private lastPull = 0
  private scheduled = false
  private lastEdit = 0
  private holdTimer = 0
  private prepareTimer = 0
  /** The pane whose change is under way: it shows more than the others. */
  private writing: Pane | null = null
  private readonly stopListening: () => void

  constructor(
    readonly connection: Connection,
    private readonly events: ScreenEvents,
  ) {
    connection.showOn(this)
    this.stopListening = connection.onWake(() => this.wake())
  }

  /** Keeps a pane at the text from now on; returns how to stop. It shows the replica's text already, or aligns itself. */
  add(pane: Pane): () => void {
    this.panes.add(pane)
    this.prepareSoon()
    return () => this.panes.delete(pane)
  }

  /** The others. */
  get peers(): readonly Peer[] {
    for (let pane of this.panes) {
      let others = pane.others()
      if (others) return others
    }
    return this.reported
  }

  /** Nothing is shown any more. */
  end() {
    this.stopListening()
    clearTimeout(this.holdTimer)
    clearTimeout(this.prepareTimer)
    this.panes.clear()
  }

  /** The text that is shown; null when nobody shows it. */
  shown(): string | null {
    let pane = this.writing ?? this.panes.values().next().value
    return pane ? pane.shown() : null
  }

  /** Hands the replica what this person changed in a pane, and shows it in the others. */
  edit(from: Pane | null, { ranges, inserted, anchor, head, isAlone }: Edit) {
    this.writing = from
    this.connection.attempt(replica => {
      if (isAlone) replica.closeUndoGroup()
      replica.edit(ranges, inserted, anchor, head)
      if (isAlone) replica.closeUndoGroup()
    })
    this.writing = null
    this.tell(from, { ranges, inserted })
    this.lastEdit = performance.now()
  }

  /** Undoes or redoes this person's last step; what has changed, for `from` to show. It is to be freed. */
  restore(from: Pane | null, direction: "undo" | "redo", anchor: number, head: number): Changes | undefined {
    let changes = this.connection.attempt(replica => replica[direction](anchor, head))
    if (changes) this.tell(from, changes)
    this.lastEdit = performance.now()
    return changes
  }

  /** What is typed next is undone apart from what was typed before. */
  closeUndoStep() {
    this.connection.attempt(replica => replica.closeUndoGroup())
  }

  /** A composition may be over. */
  composed() {
    if (this.holdTimer && !this.isComposing()) this.pull()
  }

  /** Whether something waits for the end of a composition. */
  get isHolding(): boolean {
    return this.holdTimer !== 0
  }

  onBroken(error: unknown) {
    this.events.onBroken(error)
  }

  onLost(text: string) {
    this.events.onLost(text)
  }

  /** A fresh replica knows nobody yet, and has what one pane shows. It may have come in the middle of an update of that one. */
  onRecovered() {
    this.events.onRecovered()
    this.reported = []
    setTimeout(() => {
      for (let pane of this.panes) pane.take(undefined, [])
      if (this.panes.size > 1) for (let pane of this.panes) pane.align()
    })
  }

  private wake() {
    if (this.isComposing()) this.hold()
    else if (this.isCalm()) this.pull()
    else this.pullSoon()
  }

  /** Whether what has arrived may be taken at once; a burst becomes one change. */
  private isCalm(): boolean {
    let now = performance.now()
    return now - this.lastPull > FRAME_MS && now - this.lastEdit > TYPED_MS
  }

  private isComposing(): boolean {
    for (let pane of this.panes) if (pane.isComposing()) return true
    return false
  }

  /** A remote edit on the line of a composition tears it and doubles committed text: it waits for the end. */
  private hold() {
    let waiting = this.connection.attempt(replica => replica.waiting()) ?? 0
    if (waiting > HOLD_BYTES) return this.pull()
    if (waiting > 0 && !this.holdTimer) this.holdTimer = window.setTimeout(() => this.pull(), HOLD_MS)
    this.show(undefined, this.connection.attempt(reportedPeers))
  }

  private pullSoon() {
    if (this.scheduled) return
    this.scheduled = true
    afterFrame(() => {
      this.scheduled = false
      if (this.isComposing()) this.hold()
      else this.pull()
    })
  }

  private pull() {
    clearTimeout(this.holdTimer)
    this.holdTimer = 0
    this.lastPull = performance.now()
    let pulled = this.connection.pull(reportedPeers)
    if (pulled) this.show(pulled.changes, pulled.also)
  }

  private show(changes: Splices | undefined, peers: readonly Peer[] | undefined) {
    if (changes) this.moved()
    if (peers) this.reported = peers
    if (changes || peers) for (let pane of this.panes) pane.take(changes, peers)
    if (changes) this.events.onText?.()
    if (changes && changes.inserted.length > LONG) this.prepareSoon()
    if (peers) this.events.onPeers?.(peers)
  }

  private prepareSoon() {
    clearTimeout(this.prepareTimer)
    this.prepareTimer = window.setTimeout(
      () => this.connection.attempt(replica => replica.prepare()),
      PREPARE_MS,
    )
  }

  private tell(from: Pane | null, changes: Splices) {
    this.moved()
    for (let pane of this.panes) if (pane !== from) pane.take(changes, undefined)
    this.events.onText?.()
  }

  /** Where a caret is after an edit only an editor knows: each has its own way of keeping it. */
  private moved() {
    if (this.reported.some(({ head }) => head >= 0))
      this.reported = this.reported.map(peer => ({ ...peer, anchor: -1, head: -1 }))
  }
}

/** What a replica reports of the others, if there is news. */
function reportedPeers(replica: Replica): Peer[] | undefined {
  let presence = replica.presence()
  if (!presence) return undefined
  let peers = peersOf(presence)
  presence.free()
  return peers
}
