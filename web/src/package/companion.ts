/**
 * What an element beside an editor needs to go with it: finds the editor, or takes a session by itself, and hears when either
 * changes.
 * Knows neither what is shown of a document nor how.
 */
import type { EditorView } from "@codemirror/view"
import type { Session } from "./api"
import { LiveSession } from "./session"

/** The event with which an editor says that it shows another document, or none; it does not leave the editor. */
export const SESSION_EVENT = "codraft-session"

/** An editor, as its companions see it. */
export interface EditorElement extends HTMLElement {
  readonly session: Session | null
  readonly view: EditorView | null
  follow(person: string | null): void
  show(person: string): void
}

/** What a companion goes with. */
export interface Company {
  readonly session: LiveSession
  readonly editor: EditorElement | null
}

/** One element's way of going with an editor. `take` is given what it goes with, and returns how to let go of it. */
export class Companion {
  private stop: (() => void) | null = null
  private editor: EditorElement | null = null
  private own: Session | null = null
  private readonly changed = () => this.look()

  constructor(
    private readonly host: HTMLElement,
    private readonly take: (company: Company) => () => void,
  ) {}

  /** The session that goes before any editor's. */
  get session(): Session | null {
    return this.own ?? this.editor?.session ?? null
  }

  set session(session: Session | null) {
    this.own = session
    this.look()
  }

  /** The element is on the page, or stands for another editor now. */
  connect() {
    if (!this.host.isConnected) return
    this.editor?.removeEventListener(SESSION_EVENT, this.changed)
    this.editor = this.find()
    this.editor?.addEventListener(SESSION_EVENT, this.changed)
    this.look()
  }

  /** The element is on the page no longer. */
  disconnect() {
    this.editor?.removeEventListener(SESSION_EVENT, this.changed)
    this.editor = null
    this.stop?.()
    this.stop = null
  }

  private find(): EditorElement | null {
    let id = this.host.getAttribute("for")
    let root = this.host.getRootNode() as Document | ShadowRoot
    let found: Element | null = id ? root.getElementById(id) : this.host.closest("codraft-editor")
    // One that stands inside of an editor goes with that.
    if (!found && !id && root instanceof ShadowRoot) found = root.host
    return found && "session" in found ? (found as EditorElement) : null
  }

  private look() {
    this.stop?.()
    this.stop = null
    let { session, editor } = this
    if (session instanceof LiveSession && this.host.isConnected) this.stop = this.take({ session, editor })
  }
}
