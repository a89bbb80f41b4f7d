/**
 * How a document stands, as a dot and words: saved, offline, read only.
 * Knows a session's status and nothing of the text.
 */
import { messages } from "../messages"
import { Speaker } from "../speaker"
import type { Session, SessionStatus } from "./api"
import { BaseElement, dress, sheetOf } from "./base"
import { Companion, type Company } from "./companion"
import type { LiveSession } from "./session"
import { tokens } from "./tokens"

/**
 * Says whether everything is saved. Belongs to the editor that `for` names or that it stands in.
 *
 * @tag codraft-status
 * @attr {string} for - The id of the editor.
 * @csspart dot - The dot.
 * @csspart text - The words.
 * @csspart retry - The button that tries again.
 */
export class CodraftStatus extends BaseElement {
  static readonly observedAttributes = ["for"]

  private readonly companion = new Companion(this, company => this.take(company))
  private text: HTMLElement | null = null
  private retry: HTMLButtonElement | null = null
  private speaker: Speaker | null = null
  private shown: LiveSession | null = null

  /** A session of `createSession()`, where there is no editor. */
  get session(): Session | null {
    return this.companion.session
  }

  set session(session: Session | null) {
    this.companion.session = session
  }

  connectedCallback() {
    if (!this.shadowRoot) this.build()
    this.companion.connect()
  }

  disconnectedCallback() {
    this.companion.disconnect()
    this.speaker?.end()
  }

  attributeChangedCallback() {
    this.companion.connect()
  }

  private build() {
    let root = this.attachShadow({ mode: "open" })
    dress(root, look())
    let dot = made("span", "dot")
    let text = made("span", "text")
    let retry = made("button", "retry")
    retry.type = "button"
    retry.hidden = true
    retry.textContent = messages.status.retry
    retry.addEventListener("click", () => this.shown?.retry())
    let region = made("span", "")
    region.className = "unseen"
    region.role = "status"
    this.speaker = new Speaker(region)
    this.text = text
    this.retry = retry
    root.append(dot, text, retry, region)
  }

  private take({ session }: Company): () => void {
    this.shown = session
    this.show(session.status)
    let stop = session.on("status", status => this.show(status))
    return () => {
      this.shown = null
      stop()
    }
  }

  private show({ state, text, spoken, canRetry }: SessionStatus) {
    if (!this.text || !this.retry) return
    if (this.text.textContent !== text) this.text.textContent = text
    this.text.title = text
    this.retry.hidden = !canRetry
    this.setAttribute("state", state)
    // Saving is the ordinary course of typing: spoken each time it would drown the text.
    this.speaker?.sayOnceItLasts(state === "saving" ? "" : spoken)
  }
}

function made<K extends "span" | "button">(tag: K, part: string): HTMLElementTagNameMap[K] {
  let element = document.createElement(tag)
  if (part) element.part.add(part)
  return element
}

const look = sheetOf(
  () => `
:host {
  ${tokens}
  display: inline-flex;
  align-items: center;
  gap: 0.4rem;
  min-width: 0;
  color: var(--ink-soft);
  font: 0.75rem/1.4 var(--ui);
}
:host([hidden]), [hidden] { display: none; }
[part="dot"] { flex: none; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--busy); }
[part="text"] { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
:host([state="saved"]) [part="dot"], :host([state="reading"]) [part="dot"] { background: var(--good); }
:host([state="refused"]) [part="dot"], :host([state="notsaved"]) [part="dot"] { background: var(--danger); }
:host([state="refused"]), :host([state="notsaved"]) { color: var(--danger); }
[part="retry"] { padding: 0; border: 0; background: none; color: var(--accent); font: inherit; text-decoration: underline; cursor: pointer; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { [part="dot"] { forced-color-adjust: none; } }
`,
)
