/**
 * The document of one element: begun when the element is on the page and says which, ended when it is gone or says another.
 * Knows the element's attributes and tells it what happens; its properties and the form around it are the element's.
 */
import type { Extension } from "@codemirror/state"
import { spliceBetween } from "../splice"
import type { SessionOptions } from "./api"
import { Attributes } from "./attributes"
import { dress } from "./base"
import { SESSION_EVENT } from "./companion"
import { deferred } from "./deferred"
import type { TokenProvider } from "./door"
import { CodraftError, troubles } from "./errors"
import { Inside, type Outside } from "./inside"
import { lightLook, shadowLook } from "./look"
import type { LiveSession } from "./session"
import { type Lease, lease } from "./sessions"
import type { UploadHandler } from "./uploads"
import type { User } from "./user"

/** What an element has been told by its properties. */
export interface Given {
  session: LiveSession | null
  tokenProvider: TokenProvider | null
  user: User | null
  extensions: Extension
  uploadHandler: UploadHandler | null
  isDisabledByForm: boolean
}

/** Where the document of one element is shown. */
export class Stage {
  readonly attributes: Attributes
  readonly given: Given = {
    session: null,
    tokenProvider: null,
    user: null,
    extensions: [],
    uploadHandler: null,
    isDisabledByForm: false,
  }
  inside: Inside | null = null
  private lent: Lease | null = null
  private stops: (() => void)[] = []
  private arrival = deferred<void>()
  /** A text that waits for the document. */
  private wanted: string | null = null
  private scheduled = false

  constructor(
    private readonly host: HTMLElement,
    /** What labels of a form call it. */
    private readonly label: () => string,
  ) {
    this.attributes = new Attributes(host)
    this.arrival.promise.catch(() => {})
  }

  get session(): LiveSession | null {
    return this.given.session ?? this.lent?.session ?? null
  }

  get value(): string {
    return this.wanted ?? this.session?.text ?? ""
  }

  set value(text: string) {
    let { inside, session } = this
    if (!inside || !session?.hasArrived) {
      this.wanted = text
      return
    }
    let { from, to, insert } = spliceBetween(session.text, text)
    if (!session.mayWrite) session.report(troubles.readOnly())
    else if (from < to || insert)
      inside.view.dispatch({ changes: { from, to, insert }, userEvent: "input.replace" })
  }

  ready(): Promise<void> {
    return this.arrival.promise
  }

  /** Shows another token from the next attempt on. */
  setToken(token: string | null) {
    if (this.lent) this.lent.setToken(token ?? undefined)
    else if (!this.given.session) this.again()
  }

  /** The document is another one from now on, or for somebody else. */
  again() {
    this.stop()
    this.soon()
  }

  /** Begins when everything was said: frameworks set attributes and properties one after the other. */
  soon() {
    if (this.scheduled) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      if (this.host.isConnected && !this.stops.length) this.start()
    })
  }

  /** Ends it unless the element is on the page: a move within the page takes it off for a moment. */
  stopIfGone() {
    queueMicrotask(() => this.host.isConnected || this.stop())
  }

  /** Tells who listens to the element. */
  tell(type: string, detail: unknown) {
    this.host.dispatchEvent(new CustomEvent(`codraft-${type}`, { bubbles: true, composed: true, detail }))
  }

  private start() {
    try {
      if (!this.given.session) this.lent = lease(this.options())
    } catch (error) {
      return this.fail(error instanceof CodraftError ? error : troubles.app("The document", error))
    }
    let { session } = this
    if (session) this.show(session)
  }

  private show(session: LiveSession) {
    let tell = (type: string) => (detail: unknown) => this.tell(type, detail)
    this.stops = [
      session.on("ready", () => this.arrived()),
      session.on("change", tell("change")),
      session.on("status", tell("status")),
      session.on("peers", tell("peers")),
      session.on("error", tell("error")),
      session.on("auth", tell("auth-required")),
    ]
    this.changed()
    let isShown = () => this.session === session && this.stops.length > 0
    session.opened.then(
      screens => {
        if (!isShown()) return
        this.inside = new Inside(this.outside(session), screens)
        this.changed()
        if (session.hasArrived) this.arrived()
      },
      // Whoever made the session has been told.
      () => {},
    )
    session.ready().catch(error => isShown() && this.arrival.reject(error))
  }

  /** Shows nothing any more. */
  stop() {
    let wasThere = this.session !== null
    for (let stop of this.stops.splice(0)) stop()
    this.inside?.end()
    this.inside = null
    this.lent?.release()
    this.lent = null
    if (this.arrival.isSettled) {
      this.arrival = deferred<void>()
      this.arrival.promise.catch(() => {})
    }
    this.clearFailure()
    if (wasThere) this.changed()
  }

  private arrived() {
    if (!this.inside || this.arrival.isSettled) return
    this.inside.look()
    let { wanted } = this
    this.wanted = null
    if (wanted !== null) this.value = wanted
    this.arrival.resolve()
    this.tell("ready", undefined)
  }

  private options(): SessionOptions {
    let { attributes: at, given } = this
    let [name, color] = [at.text("user-name"), at.text("user-color")]
    let user = given.user ?? (name || color ? { ...(name && { name }), ...(color && { color }) } : undefined)
    let [server, token, wasmUrl] = [at.text("server"), at.text("token"), at.text("wasm-url")]
    return {
      doc: at.text("doc") ?? "",
      offline: at.isOn("offline"),
      ...(server && { server }),
      ...(token && { token }),
      ...(wasmUrl && { wasmUrl }),
      ...(user && { user }),
      ...(given.tokenProvider && { tokenProvider: given.tokenProvider }),
    }
  }

  private outside(session: LiveSession): Outside {
    let { attributes, given, host } = this
    let root = this.root()
    return {
      attributes,
      session,
      parent: host.shadowRoot ?? host,
      root,
      extensions: given.extensions,
      label: this.label,
      isDisabled: () => given.isDisabledByForm || attributes.isOn("disabled"),
      uploadHandler: () => given.uploadHandler,
      onInput: () => this.tell("input", undefined),
      onSelection: () => this.tell("selection", this.inside?.selection ?? null),
    }
  }

  /** The tree it stands in, dressed. */
  private root(): ShadowRoot | Document {
    let { host } = this
    if (host.hasAttribute("no-shadow") && !host.shadowRoot) {
      let root = host.getRootNode() as ShadowRoot | Document
      dress(root, lightLook())
      return root
    }
    let root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true })
    dress(root, shadowLook())
    return root
  }

  /** The companions of the element are to look again. */
  private changed() {
    this.host.dispatchEvent(new CustomEvent(SESSION_EVENT))
  }

  /** There is no session that could tell it. */
  private fail(error: CodraftError) {
    console.error(`codraft: ${error.message}`)
    this.arrival.reject(error)
    this.clearFailure()
    let words = document.createElement("p")
    words.className = "codraft-failed"
    words.textContent = error.message
    this.root()
    ;(this.host.shadowRoot ?? this.host).append(words)
    this.tell("error", error)
  }

  private clearFailure() {
    ;(this.host.shadowRoot ?? this.host).querySelector(".codraft-failed")?.remove()
  }
}
