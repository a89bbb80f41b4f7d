/**
 * An element beside an editor whose inside is loaded when it is first on a page.
 * Knows when to show and when to end it, and nothing of what it is.
 */
import type { Session } from "./api"
import { BaseElement, dress } from "./base"
import { Companion, type Company } from "./companion"

/** Shows an inside in a root; returns how to end it. */
export type Inner = (root: ShadowRoot, company: Company) => () => void

/** The shell. What extends it says how it looks and what is in it. */
export abstract class Shell extends BaseElement {
  static readonly observedAttributes = ["for"]

  readonly #companion = new Companion(this, company => this.#take(company))

  /** A session of `createSession()`, where there is no editor. */
  get session(): Session | null {
    return this.#companion.session
  }

  set session(session: Session | null) {
    this.#companion.session = session
  }

  /** @internal */
  protected abstract look(): CSSStyleSheet
  /** @internal */
  protected abstract load(): Promise<Inner>

  connectedCallback() {
    if (!this.shadowRoot) dress(this.attachShadow({ mode: "open" }), this.look())
    this.#companion.connect()
  }

  disconnectedCallback() {
    this.#companion.disconnect()
  }

  attributeChangedCallback() {
    this.#companion.connect()
  }

  #take(company: Company): () => void {
    let end: (() => void) | null = null
    let isOver = false
    this.load().then(
      show => {
        if (!isOver && this.shadowRoot) end = show(this.shadowRoot, company)
      },
      error => console.warn(`codraft: <${this.localName}> could not be loaded:`, error),
    )
    return () => {
      isOver = true
      end?.()
    }
  }
}
