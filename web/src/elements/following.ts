/**
 * The frame around the text while somebody is followed, with their name and the way out.
 * Knows no editor.
 */
import { css, html, LitElement, nothing } from "lit"
import { words } from "../messages/together"
import { coloured } from "./coloured"

/** The element `codraft-following`. */
export class CodraftFollowing extends LitElement {
  static override styles = css`
    :host { position: absolute; inset: 0; z-index: 200; pointer-events: none; }
    .frame { position: absolute; inset: 0; border: 3px solid var(--peer); border-radius: 4px; }
    .pill {
      display: flex;
      position: absolute;
      bottom: 1rem;
      left: 50%;
      align-items: center;
      max-width: calc(100% - 2rem);
      padding-left: 0.875rem;
      overflow: hidden;
      border-radius: 99px;
      background: var(--peer);
      box-shadow: var(--shadow);
      color: var(--peer-ink);
      font: 600 0.8125rem/1.3 var(--ui);
      white-space: nowrap;
      transform: translateX(-50%);
    }
    .who { overflow: hidden; text-overflow: ellipsis; }
    button {
      min-height: 2.125rem;
      margin-left: 0.5rem;
      padding: 0 0.875rem 0 0.75rem;
      border: 0;
      border-left: 1px solid color-mix(in srgb, var(--peer-ink) 40%, transparent);
      background: none;
      color: inherit;
      font: inherit;
      cursor: pointer;
      pointer-events: auto;
    }
    button:hover { text-decoration: underline; }
    button:focus-visible { outline: 2px solid var(--peer-ink); outline-offset: -4px; border-radius: 99px; }
    .waiting .frame { border-style: dashed; }
    @media (pointer: coarse) { button { min-height: 2.75rem; } }
    @media (forced-colors: active) { .frame, .pill { forced-color-adjust: none; outline: 1px solid CanvasText; } }
  `
  static override properties = { name: {}, color: {}, waiting: { type: Boolean } }

  /** Who is followed; empty for nobody. */
  declare name: string
  declare color: string
  /** They are not here at the moment. */
  declare waiting: boolean

  constructor() {
    super()
    this.name = this.color = ""
    this.waiting = false
  }

  override render() {
    let { name, color, waiting } = this
    if (!name) return nothing
    return html`
      <div class=${waiting ? "waiting" : ""} ${coloured(color)}>
        <div class="frame"></div>
        <div class="pill">
          <span class="who">${waiting ? words.waiting(name) : words.following(name)}</span>
          <button type="button" aria-label=${words.stopPerson(name)} @click=${this.stop}>${words.stop}</button>
        </div>
      </div>
    `
  }

  private stop() {
    this.dispatchEvent(new CustomEvent("codraft-stop"))
  }
}

/** Makes the tag known. */
export function defineFollowing() {
  if (!customElements.get("codraft-following")) customElements.define("codraft-following", CodraftFollowing)
}
