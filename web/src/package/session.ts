/**
 * A document for an app: ties replica, way in, copy on the device and status together, and tells the app what happens.
 * Knows no editor: those come and go by themselves, and a session without one keeps its document all the same.
 */
import { About } from "../about"
import type { Replica } from "../client"
import { type Connection, openConnection } from "../connection"
import { CONTENT } from "../page/document-name"
import { isShutOut, type PageFacts, type StatusLine } from "../page/status"
import type { Peer } from "../peer"
import { Screens } from "../screens"
import { StatusWatch } from "../status-watch"
import { bytesIn } from "../store/update"
import { type ServerAddress, serverAddress, socketAddress } from "./address"
import type { PeerState, Session, SessionEvents, SessionOptions, SessionStatus } from "./api"
import { type Deferred, deferred } from "./deferred"
import { TokenDoor } from "./door"
import { type CodraftError, troubles } from "./errors"
import { Events } from "./events"
import type { DocumentKeeping } from "./keeping"
import { checkPlace } from "./place"
import { whyUnreachable } from "./unreachable"
import { type OwnUser, ownUser, type User } from "./user"
import { wasmPlace, wasmSource } from "./wasm"

/** Codes with which a server ends a connection for other reasons than who asks. */
const UNUSABLE = [4400, 4404, 4413]
/** How long a server that answers requests may take to let the socket in: it may be coming up just now. */
const COMING_UP_MS = 2_000

/** A session, with what this package's own editors need of it. */
export class LiveSession implements Session {
  readonly doc: string
  status: SessionStatus = {
    state: "connecting",
    text: "",
    spoken: "",
    canRetry: false,
    isSaved: true,
    role: null,
    closeCode: 0,
  }
  /** The screens of the document, once there is a replica; never, when it cannot be made. */
  readonly opened: Promise<Screens>
  private readonly server: ServerAddress
  private readonly door: TokenDoor
  private readonly events = new Events<SessionEvents>()
  private readonly leaving = new AbortController()
  private readonly arrival = deferred<void>()
  private waiting: Deferred[] = []
  private user: OwnUser
  private keeping: DocumentKeeping | null = null
  private screens: Screens | null = null
  private watch: StatusWatch | null = null
  private about: About | null = null
  private isWanted: boolean
  private wasLive = false
  private isAsked = false
  private refusal = 0
  private failure: CodraftError | null = null

  constructor(private readonly options: SessionOptions) {
    this.server = serverAddress(options.server)
    let socket = socketAddress(this.server, options.doc)
    this.doc = options.doc
    this.user = ownUser(options.user)
    this.isWanted = options.connects ?? true
    this.door = new TokenDoor(socket, () => options.tokenProvider?.() ?? options.token, {
      onYou: () => this.watch?.refresh(),
      onNoToken: error => this.report(troubles.noToken(error)),
    })
    // Who does not wait for it is told by an event.
    this.arrival.promise.catch(() => {})
    this.opened = this.open()
    this.opened.catch(() => {})
  }

  get text(): string {
    return this.ask(replica => replica.text()) ?? ""
  }

  get peers(): readonly PeerState[] {
    return (this.screens?.peers ?? []).map(peerState)
  }

  get title(): string {
    return this.about?.title ?? ""
  }

  set title(words: string) {
    this.about?.say("title", words)
  }

  get language(): string {
    return this.about?.language ?? ""
  }

  set language(words: string) {
    this.about?.say("language", words)
  }

  get canUndo(): boolean {
    return this.ask(replica => replica.canUndo()) ?? false
  }

  get canRedo(): boolean {
    return this.ask(replica => replica.canRedo()) ?? false
  }

  /** The screens, if they are there by now. */
  get now(): Screens | null {
    return this.screens
  }

  /** Whether what is typed can be kept. */
  get mayWrite(): boolean {
    return this.door.mayWrite && this.refusal === 0 && !this.failure && !this.isOver
  }

  /** The id under which the others see this person. */
  get ownId(): string {
    return this.door.you?.id || this.user.id
  }

  /** This person, as the others see them. */
  get own(): { id: string; name: string; color: string } {
    let { you } = this.door
    return { id: this.ownId, name: you?.name || this.user.name, color: you?.color || this.user.color }
  }

  /** Whether the document has been here. */
  get hasArrived(): boolean {
    return this.arrival.isSettled && !this.failure
  }

  /** Whether the session was ended. */
  get isOver(): boolean {
    return this.leaving.signal.aborted
  }

  ready(): Promise<void> {
    return this.arrival.promise
  }

  connect() {
    this.isWanted = true
    this.refusal = 0
    this.ask(replica => {
      replica.networkLost()
      replica.connect()
    })
    this.watch?.refresh()
  }

  disconnect() {
    this.isWanted = false
    this.ask(replica => replica.close())
    this.watch?.refresh()
  }

  replace(from: number, to: number, insert: string) {
    if (!this.screens) throw troubles.notOpen()
    if (!this.mayWrite) throw troubles.readOnly()
    checkPlace(this.text, from, to)
    let inserted = insert.replace(/\r\n?/g, "\n").toWellFormed()
    let ranges = Uint32Array.of(from, to, inserted.length)
    this.screens.edit(null, { ranges, inserted, anchor: -1, head: -1, isAlone: true })
  }

  undo() {
    if (this.mayWrite) this.screens?.restore(null, "undo", -1, -1)?.free()
  }

  redo() {
    if (this.mayWrite) this.screens?.restore(null, "redo", -1, -1)?.free()
  }

  flush(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure)
    if (this.screens && this.isSaved()) return Promise.resolve()
    let waiting = deferred<void>()
    this.waiting.push(waiting)
    return waiting.promise
  }

  getSnapshot(): Uint8Array<ArrayBuffer> {
    let frame = this.ask(replica => replica.snapshot())
    return (frame && bytesIn(frame)) ?? new Uint8Array()
  }

  createAnchor(offset: number): string | null {
    return this.ask(replica => replica.place(offset)) ?? null
  }

  resolveAnchor(anchor: string): number | null {
    return this.ask(replica => replica.offsetOf(anchor)) ?? null
  }

  setUser(user: User) {
    this.user = ownUser(user)
    this.introduce()
  }

  on<Kind extends keyof SessionEvents>(
    kind: Kind,
    listener: (what: SessionEvents[Kind]) => void,
  ): () => void {
    return this.events.on(kind, listener)
  }

  /** Tells the app, and the console, what a developer can put right. */
  report(error: CodraftError) {
    if (this.isOver) return
    console.error(`codraft: ${error.message}`, ...(error.cause ? [error.cause] : []))
    this.events.tell("error", error)
  }

  /** Looks again how things stand: somebody has typed. */
  edited() {
    this.watch?.refresh()
  }

  /** Does not wait for the next try. */
  retry() {
    if (this.refusal === 0 && this.isWanted) this.ask(replica => replica.retryNow())
  }

  end() {
    if (this.isOver) return
    this.leaving.abort()
    // Who shows the text is not to let anybody go on writing.
    this.events.tell("status", { ...this.status, state: "refused", text: "" })
    this.watch?.end()
    this.screens?.end()
    this.keeping?.end()
    this.screens?.connection.end()
    this.screens = null
    this.events.clear()
    this.settle(troubles.ended())
  }

  private async open(): Promise<Screens> {
    let { options } = this
    let field = options.field || CONTENT
    if (options.offline) await this.keep(field)
    let connection: Connection
    try {
      let source = await wasmSource(options.wasmUrl)
      connection = await openConnection(source, this.door, field, { keeper: this.keeping?.copy })
    } catch (error) {
      this.fail(troubles.noWasm(wasmPlace(options.wasmUrl), error))
      throw error
    }
    let isKept = await this.keeping?.open(connection)
    if (this.isOver) {
      connection.end()
      throw troubles.ended()
    }
    this.show(connection)
    if (isKept) this.arrive()
    return this.screens as Screens
  }

  private show(connection: Connection) {
    this.screens = new Screens(connection, {
      onBroken: error => {
        this.watch?.showBroken()
        this.fail(troubles.broken(error))
      },
      onRecovered: () => this.join(),
      onLost: text => console.warn("codraft: another text than the server's was shown; it was", text),
      onText: () => {
        this.events.tell("change", undefined)
        this.watch?.refresh()
      },
      onPeers: peers => this.events.tell("peers", peers.map(peerState)),
    })
    this.about = new About(connection)
    this.about.onChange(() => this.events.tell("about", undefined))
    let copy = this.keeping?.copy ?? new NoCopy()
    this.watch = new StatusWatch(connection, copy, () => this.door.mayWrite, {
      onLook: facts => this.look(facts),
      show: line => this.say(line),
    })
    connection.onWake(() => this.watch?.refresh())
    // Only then all that has arrived is shown.
    connection.onPulled(() => this.watch?.refresh())
    let { signal } = this.leaving
    window.addEventListener("online", () => this.retry(), { signal })
    window.addEventListener("offline", () => this.ask(replica => replica.networkLost()), { signal })
    this.join()
    this.watch.refresh()
  }

  private async keep(field: string) {
    let part = await import("./keeping").catch(error => {
      // The editor works as it is without it, and its status says where words are.
      console.warn("codraft: nothing is kept on this device:", error)
      return null
    })
    if (!part || this.isOver) return
    // Documents of the same name at two servers are two.
    this.keeping = new part.DocumentKeeping(`${this.server.socket} ${this.doc}`, {
      field,
      you: () => this.door.you,
      onChange: () => this.watch?.refresh(),
    })
  }

  private join() {
    this.introduce()
    if (this.isWanted) this.ask(replica => replica.connect())
  }

  private introduce() {
    let { name, color, light, id } = this.user
    this.ask(replica => replica.setUser(name, color, light, id))
  }

  private ask<T>(call: (replica: Replica) => T): T | undefined {
    return this.screens?.connection.attempt(call)
  }

  private look(facts: PageFacts) {
    let { network, everSynced, closeCode, reason } = facts
    if (network === "live") this.wasLive = true
    if (everSynced && this.ask(replica => replica.waiting()) === 0) this.arrive()
    if (network === "refused" && this.refusal !== closeCode) this.refused(closeCode, reason, isShutOut(facts))
    if (network === "offline" && !this.wasLive && navigator.onLine && this.isWanted) this.explain()
    if (this.waiting.length && this.isSaved()) for (let { resolve } of this.waiting.splice(0)) resolve()
  }

  private say({ state, text, spoken, canRetry }: StatusLine) {
    let before = this.status
    let { door, refusal } = this
    let now = { state, text, spoken, canRetry, isSaved: this.isSaved(), role: door.role, closeCode: refusal }
    this.status = now
    let isNews = (Object.keys(now) as (keyof SessionStatus)[]).some(key => now[key] !== before[key])
    if (isNews) this.events.tell("status", now)
  }

  private isSaved(): boolean {
    let status = this.ask(replica => replica.status())
    let isSaved = status?.saved ?? false
    status?.free()
    return isSaved && !this.keeping?.copy.hasUnsaved
  }

  private arrive() {
    if (this.arrival.isSettled) return
    this.arrival.resolve()
    this.events.tell("ready", undefined)
  }

  private refused(code: number, reason: string, isPersonal: boolean) {
    this.refusal = code
    let error = UNUSABLE.includes(code) ? troubles.unusable(code, reason) : troubles.refused(code, reason)
    this.report(error)
    for (let { reject } of this.waiting.splice(0)) reject(error)
    if (isPersonal) this.events.tell("auth", { code, reason })
    else this.arrival.reject(error)
  }

  /** Says once why nobody answers: a socket does not. */
  private async explain() {
    if (this.isAsked) return
    this.isAsked = true
    let { error, answers } = await whyUnreachable(this.server, this.leaving.signal)
    if (answers) this.retry()
    await new Promise(resolve => setTimeout(resolve, answers ? COMING_UP_MS : 0))
    let isMoot = this.wasLive || !this.isWanted || this.refusal !== 0 || this.failure !== null
    if (!isMoot) this.report(error)
  }

  private fail(error: CodraftError) {
    this.failure = error
    this.report(error)
    this.settle(error)
  }

  private settle(error: CodraftError) {
    this.arrival.reject(error)
    for (let { reject } of this.waiting.splice(0)) reject(error)
  }
}

/** Nothing is kept beside the replica. */
class NoCopy {
  readonly keeping = "tab"
  hasUnsaved = false

  told({ saved }: { saved: boolean }) {
    this.hasUnsaved = !saved
  }
}

function peerState({ client, id, name, color, anchor, head }: Peer): PeerState {
  return { client, id, name, color, anchor, head }
}
