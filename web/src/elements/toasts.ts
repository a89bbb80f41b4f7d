/**
 * Short words at the edge of the page that nobody has to answer: they take no focus, wait while they are looked at, and go
 * by themselves. What is to be heard is said apart from them, one sentence at a time.
 * Knows nothing of what they are about.
 */
import { css, html, LitElement, nothing } from "lit"
import { repeat } from "lit/directives/repeat.js"
import { words } from "../messages/together"
import { coloured } from "./coloured"

/** More at once would be a wall: the oldest goes. */
const MAX_SHOWN = 3
/** The least time between two sentences for those who listen. */
const SPEAK_MS = 1_500

/** What is said. */
export interface Toast {
  /** One of the same id takes the place of an earlier one. */
  readonly id: string
  readonly text: string
  /** Of whom it is about. */
  readonly color?: string
  /** What can be done about it; each puts it away. */
  readonly choices?: readonly { readonly label: string; run(): void }[]
  /** How long it stays, in ms. */
  readonly lasts: number
}

/** The element `codraft-toasts`. */
export class CodraftToasts extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      position: fixed;
      bottom: 2.75rem;
      left: 1rem;
      z-index: 20;
      gap: 0.5rem;
      justify-items: start;
      max-width: min(24rem, calc(100vw - 2rem));
      pointer-events: none;
    }
    .toast {
      display: flex;
      flex-wrap: wrap;
      gap: 0.125rem 0.75rem;
      align-items: center;
      padding: 0.5625rem 0.875rem;
      border: 1px solid var(--line-strong);
      border-radius: 10px;
      background: var(--surface);
      box-shadow: var(--shadow);
      color: var(--ink);
      font: 0.875rem/1.4 var(--ui);
      overflow-wrap: anywhere;
      pointer-events: auto;
    }
    .toast::before { content: ""; flex: none; width: 0.625rem; height: 0.625rem; border-radius: 50%; background: var(--peer); }
    p { flex: 1; margin: 0; }
    .choices { display: flex; gap: 0.75rem; }
    button { min-height: 1.75rem; padding: 0; border: 0; border-radius: 3px; background: none; color: var(--accent); font: inherit; font-weight: 550; cursor: pointer; }
    button:hover { text-decoration: underline; }
    button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (max-width: 34rem) { :host { top: 4.25rem; right: 1rem; bottom: auto; max-width: none; } .toast { width: 100%; box-sizing: border-box; } }
    @media (pointer: coarse) { button { min-height: 2.5rem; } }
    @media (forced-colors: active) { .toast::before { forced-color-adjust: none; } }
    @media (prefers-reduced-motion: no-preference) {
      .toast { animation: come 180ms ease-out; }
      @keyframes come { from { opacity: 0; transform: translateY(0.5rem); } }
    }
    @media print { :host { display: none; } }
  `
  static override properties = { shown: { state: true }, spoken: { state: true } }

  declare private shown: readonly Toast[]
  declare private spoken: string
  private readonly timers = new Map<string, number>()
  private readonly unsaid: string[] = []
  private speaking = 0

  constructor() {
    super()
    this.shown = []
    this.spoken = ""
  }

  /** Shows something for a while, and says it. */
  show(toast: Toast) {
    this.hide(toast.id)
    let over = this.shown.length + 1 - MAX_SHOWN
    for (let { id } of this.shown.slice(0, Math.max(0, over))) this.hide(id)
    this.shown = [...this.shown, toast]
    this.waitFor(toast)
    this.say(toast.text)
  }

  /** Puts one away. */
  hide(id: string) {
    clearTimeout(this.timers.get(id))
    this.timers.delete(id)
    this.shown = this.shown.filter(toast => toast.id !== id)
  }

  /** Says something to those who listen rather than look, when there has been a pause. */
  say(text: string) {
    if (this.unsaid.at(-1) !== text) this.unsaid.push(text)
    if (!this.speaking) this.speakNext()
  }

  override render() {
    return html`
      <p class="unseen" role="status" aria-live="polite">${this.spoken}</p>
      ${repeat(
        this.shown,
        ({ id }) => id,
        toast => this.one(toast),
      )}
    `
  }

  private one(toast: Toast) {
    let stay = () => clearTimeout(this.timers.get(toast.id))
    return html`
      <div
        class="toast" data-id=${toast.id} ${coloured(toast.color ?? "#6b7280")}
        @pointerenter=${stay} @focusin=${stay}
        @pointerleave=${() => this.waitFor(toast)} @focusout=${() => this.waitFor(toast)}
      >
        <p>${toast.text}</p>
        ${toast.choices?.length ? html`<div class="choices">${toast.choices.map(choice => this.choice(toast.id, choice))}</div>` : nothing}
      </div>
    `
  }

  private choice(id: string, { label, run }: { label: string; run(): void }) {
    let chosen = () => {
      this.hide(id)
      run()
    }
    return html`<button type="button" @click=${chosen}>${label}</button>`
  }

  private waitFor({ id, lasts }: Toast) {
    clearTimeout(this.timers.get(id))
    this.timers.set(
      id,
      window.setTimeout(() => this.hide(id), lasts),
    )
  }

  private speakNext() {
    let text = this.unsaid.shift()
    if (text === undefined) {
      this.speaking = 0
      return
    }
    // The same words are said again only if they are not the same.
    this.spoken = text === this.spoken ? `${text}\u00a0` : text
    this.speaking = window.setTimeout(() => this.speakNext(), SPEAK_MS)
  }
}

/** Makes the tag known, and puts one on the page. */
export function toasts(): CodraftToasts {
  if (!customElements.get("codraft-toasts")) customElements.define("codraft-toasts", CodraftToasts)
  let known = document.querySelector("codraft-toasts")
  if (known instanceof CodraftToasts) return known
  let made = document.createElement("codraft-toasts") as CodraftToasts
  made.setAttribute("aria-label", words.news)
  made.role = "region"
  document.body.append(made)
  return made
}
