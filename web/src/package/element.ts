/**
 * The element `codraft-editor`: a document in any page.
 * Knows properties, methods and the form around it; when its document begins and ends is `stage.ts`'s.
 */
import type { Extension } from "@codemirror/state"
import type { EditorView } from "@codemirror/view"
import { messages } from "../messages"
import type { PeerState, Session, SessionStatus } from "./api"
import { SESSION_ATTRIBUTES, VIEW_ATTRIBUTES } from "./attributes"
import { BaseElement } from "./base"
import type { TokenProvider } from "./door"
import { troubles } from "./errors"
import type { Selection } from "./inside"
import { LiveSession } from "./session"
import { Stage } from "./stage"
import type { UploadHandler } from "./uploads"
import type { User } from "./user"
import { type Words, withWords } from "./words"

export type { Selection } from "./inside"

/** As what a text can be had. */
export type ExportFormat = "markdown" | "text" | "html"

/** Properties that a framework may have set before the element was known. */
const PROPERTIES = [
  "session",
  "tokenProvider",
  "user",
  "extensions",
  "uploadHandler",
  "messages",
  "value",
] as const

/**
 * A document that everybody who has it open writes together.
 *
 * @tag codraft-editor
 * @attr {string} doc - The document's name.
 * @attr {string} server - The server: `wss://docs.example.org`. Defaults to the page's own.
 * @attr {string} token - What lets this person in, where the server asks for it.
 * @attr {string} user-name - What the others see beside the caret.
 * @attr {string} user-color - `#rrggbb`, or a colour of Codraft's palette by name.
 * @attr {string} language - What the text is written in: `markdown`, `plain`, `javascript`. Defaults to what the document says.
 * @attr {"auto" | "light" | "dark"} theme - Defaults to the system's.
 * @attr {"write" | "split" | "read"} mode - As it is written, as it reads, or both.
 * @attr {boolean} readonly - Nothing can be typed.
 * @attr {boolean} disabled - Nothing can be typed, and the form has no value of it.
 * @attr {string} placeholder - What an empty document says.
 * @attr {string} name - The form's name for the text.
 * @attr {"standard" | "vim" | "emacs"} keymap - Whose keys.
 * @attr {"auto" | "on" | "off"} line-numbers - Defaults to where the text is code.
 * @attr {"on" | "off"} wrap - Whether long lines go on in the next one. Defaults to yes.
 * @attr {boolean} offline - Keeps the document on this device.
 * @attr {boolean} toolbar - Shows the buttons that format.
 * @attr {boolean} presence - Shows who is here.
 * @attr {string} wasm-url - Where `codraft.wasm` is, when it is not beside the package's other files.
 * @attr {boolean} no-shadow - Stands in the page itself, in reach of its styles. Read once.
 * @fires {CustomEvent<void>} codraft-ready - The document is here.
 * @fires {CustomEvent<void>} codraft-change - The text has changed, whoever did it.
 * @fires {CustomEvent<void>} codraft-input - The person here has changed the text.
 * @fires {CustomEvent<Selection>} codraft-selection - The cursor has moved.
 * @fires {CustomEvent<SessionStatus>} codraft-status - How the document stands has changed.
 * @fires {CustomEvent<readonly PeerState[]>} codraft-peers - The others, or their carets, have changed.
 * @fires {CustomEvent<CodraftError>} codraft-error - Something is wrong that a developer can put right.
 * @fires {CustomEvent<{ code: number, reason: string }>} codraft-auth-required - The server does not let this person in.
 * @csspart toolbar-row - What stands above the text.
 * @csspart toolbar - The buttons that format.
 * @csspart presence - Who is here.
 * @csspart views - The text, and how it reads.
 * @csspart editor - The text.
 * @csspart foot - What stands below the text.
 * @csspart status - Whether it is saved.
 * @cssprop --codraft-paper - The background.
 * @cssprop --codraft-surface - The background of what lies above it.
 * @cssprop --codraft-ink - Letters.
 * @cssprop --codraft-ink-soft - Letters that matter less.
 * @cssprop --codraft-line - Thin lines.
 * @cssprop --codraft-line-strong - The border.
 * @cssprop --codraft-line-active - The background of the line with the cursor.
 * @cssprop --codraft-hover - The background of what the mouse is on.
 * @cssprop --codraft-accent - Links, the caret, the border of what has the focus.
 * @cssprop --codraft-on-accent - Letters on that.
 * @cssprop --codraft-selection - The background of what is selected.
 * @cssprop --codraft-match - What was found, and a matching bracket.
 * @cssprop --codraft-match-strong - What was found and is looked at.
 * @cssprop --codraft-code - Letters of code.
 * @cssprop --codraft-good - Saved.
 * @cssprop --codraft-busy - On its way.
 * @cssprop --codraft-danger - Not saved.
 * @cssprop --codraft-shadow - The shadow below what lies above the page.
 * @cssprop --codraft-ui - The font of everything but the text.
 * @cssprop --codraft-prose - The font of the text.
 * @cssprop --codraft-serif - The font for those who want serifs.
 * @cssprop --codraft-mono - The font of code.
 * @cssprop --codraft-text-size - The size of the text.
 * @cssprop --codraft-text-width - How wide a column of text is at the most.
 */
export class CodraftEditor extends BaseElement {
  static readonly formAssociated = true
  static readonly observedAttributes = [...SESSION_ATTRIBUTES, ...VIEW_ATTRIBUTES]

  readonly #stage: Stage
  #form: HTMLFormElement | null = null

  constructor() {
    super()
    let internals = this.attachInternals()
    let label = () => Array.from(internals.labels, label => label.textContent?.trim()).join(" ")
    this.#stage = new Stage(this, label)
    // What was clicked inside is none of ours; a label hands its click on to the element itself.
    this.addEventListener?.("click", event => event.composedPath()[0] === this && this.focus())
  }

  /** The whole text. Setting it changes what differs, for everybody; before the document is here that waits for it. */
  get value(): string {
    return this.#stage.value
  }

  set value(text: string) {
    this.#stage.value = String(text ?? "").replace(/\r\n?/g, "\n")
  }

  /** The document's session; setting one of `createSession()` shows that, and attributes say nothing of the document any more. */
  get session(): Session | null {
    return this.#stage.session
  }

  set session(session: Session | null) {
    let { given } = this.#stage
    if (session === given.session) return
    if (session && !(session instanceof LiveSession)) throw troubles.otherCopy()
    this.#stage.stop()
    given.session = session
    this.#stage.soon()
  }

  /** Brings a fresh token for each attempt to connect. */
  get tokenProvider(): TokenProvider | null {
    return this.#stage.given.tokenProvider
  }

  set tokenProvider(provider: TokenProvider | null) {
    let { given } = this.#stage
    if (provider === given.tokenProvider) return
    given.tokenProvider = provider
    this.#stage.again()
  }

  /** Who writes here; goes before `user-name` and `user-color`. */
  get user(): User | null {
    return this.#stage.given.user
  }

  set user(user: User | null) {
    let { given } = this.#stage
    given.user = user
    if (given.session) given.session.setUser(user ?? {})
    else this.#stage.again()
  }

  /** CodeMirror extensions of the app, from the copy of CodeMirror that this package uses. */
  get extensions(): Extension {
    return this.#stage.given.extensions
  }

  set extensions(extensions: Extension) {
    this.#stage.given.extensions = extensions ?? []
    this.#inside?.setExtensions(this.extensions)
  }

  /** Keeps a picture that somebody pastes or drops, and says where it is; without it pictures are not taken. */
  get uploadHandler(): UploadHandler | null {
    return this.#stage.given.uploadHandler
  }

  set uploadHandler(handler: UploadHandler | null) {
    this.#stage.given.uploadHandler = handler
  }

  /** Other words than the English ones, for all editors of the page; set them before the first one is shown. */
  get messages(): Words {
    return messages
  }

  set messages(words: Words) {
    withWords(words)
  }

  /** CodeMirror's view; null until there is a replica to show. */
  get view(): EditorView | null {
    return this.#inside?.view ?? null
  }

  /** How the document stands; null without one. */
  get status(): SessionStatus | null {
    return this.session?.status ?? null
  }

  /** Everybody else. */
  get peers(): readonly PeerState[] {
    return this.session?.peers ?? []
  }

  /** What is selected; null until the text is there. */
  get selection(): Selection | null {
    return this.#inside?.selection ?? null
  }

  /** Resolves when the document is here and shown; rejects with a `CodraftError` when it cannot come. */
  ready(): Promise<void> {
    return this.#stage.ready()
  }

  /** Connects, after `disconnect()` or a refusal. */
  connect() {
    if (this.session) this.session.connect()
    else this.#stage.soon()
  }

  /** Disconnects; the text can be read and changed all the same. */
  disconnect() {
    this.session?.disconnect()
  }

  /** Puts the cursor into the text. */
  override focus() {
    this.#inside?.view.focus()
  }

  /** Takes back the last step of this person. */
  undo() {
    if (!this.#stage.attributes.isOn("readonly")) this.#inside?.undo()
  }

  /** Brings back what was undone last. */
  redo() {
    if (!this.#stage.attributes.isOn("readonly")) this.#inside?.redo()
  }

  /** Puts words in the place of the selection. */
  insertText(text: string) {
    let { view } = this
    if (!view || view.state.readOnly) return
    let insert = view.state.replaceSelection(text.replace(/\r\n?/g, "\n"))
    view.dispatch(insert, { scrollIntoView: true, userEvent: "input" })
  }

  /** Selects what is between two offsets, or puts the cursor at one. */
  setSelection(anchor: number, head: number = anchor) {
    let { view } = this
    let inText = (offset: number) => Math.max(0, Math.min(offset, view?.state.doc.length ?? 0))
    view?.dispatch({
      selection: { anchor: inText(anchor), head: inText(head) },
      scrollIntoView: true,
      userEvent: "select",
    })
  }

  /** The place at an offset, which stays where it is while everybody writes: for comments, marks, links. */
  createAnchor(offset: number): string | null {
    return this.session?.createAnchor(offset) ?? null
  }

  /** Where an anchor is now; null when what it was in is not in this document. */
  resolveAnchor(anchor: string): number | null {
    return this.session?.resolveAnchor(anchor) ?? null
  }

  /** Shows what another person sees, until somebody here does anything; nobody's any more with null. */
  follow(person: string | null) {
    this.#inside?.fellows?.follow(person)
  }

  /** Scrolls to where another person writes. */
  show(person: string) {
    this.#inside?.fellows?.show(person)
  }

  /** The whole document as a Yjs update, format v1. */
  getSnapshot(): Uint8Array<ArrayBuffer> {
    return this.session?.getSnapshot() ?? new Uint8Array()
  }

  /** The text as it was written, as words alone, or as a page that stands alone. */
  async export(format: ExportFormat = "markdown"): Promise<string> {
    let text = this.value
    if (format === "markdown") return text
    let { pageWith, wordsOf } = await import("../export/export")
    let language = this.#stage.attributes.text("language") ?? (this.session?.language || "markdown")
    let source = {
      text,
      title: this.session?.title || (this.session?.doc ?? ""),
      isMarkdown: language === "markdown",
    }
    return format === "html" ? pageWith(source) : wordsOf(source)
  }

  /** Resolves when everything typed here is on the server's disk. */
  flush(): Promise<void> {
    return this.session?.flush() ?? Promise.resolve()
  }

  connectedCallback() {
    this.#takeEarly()
    this.#stage.soon()
  }

  disconnectedCallback() {
    this.#stage.stopIfGone()
  }

  /** `moveBefore` moves it without taking it off the page. */
  connectedMoveCallback() {}

  attributeChangedCallback(name: string, before: string | null, now: string | null) {
    if (before === now) return
    if (name === "token") this.#stage.setToken(now)
    else if ((SESSION_ATTRIBUTES as readonly string[]).includes(name)) this.#stage.again()
    else this.#inside?.look()
  }

  formAssociatedCallback(form: HTMLFormElement | null) {
    this.#form?.removeEventListener("formdata", this.#tellForm)
    this.#form = form
    // The text is asked for when a form is sent, not copied with every key.
    form?.addEventListener("formdata", this.#tellForm)
  }

  formDisabledCallback(isDisabled: boolean) {
    this.#stage.given.isDisabledByForm = isDisabled
    this.#inside?.look()
  }

  readonly #tellForm = (event: FormDataEvent) => {
    let name = this.getAttribute("name")
    if (name && !this.#stage.given.isDisabledByForm) event.formData.set(name, this.value)
  }

  get #inside() {
    return this.#stage.inside
  }

  /** The element may have been given something before its class was there. */
  #takeEarly() {
    for (let name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue
      let value: unknown = this[name]
      delete (this as Record<string, unknown>)[name]
      ;(this as Record<string, unknown>)[name] = value
    }
  }
}
