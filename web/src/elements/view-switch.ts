/**
 * The switch between writing a text, reading it, and both side by side.
 * Knows which are offered and which is on, and nothing of what they show.
 */
import { css, html, LitElement, svg } from "lit"
import { messages } from "../messages/views"
import { VIEWS, type View } from "../page/views"
import { controls } from "./controls"

const ICONS: Record<View, string> = {
  write: "M4 16l.7-3.3L13.2 4.2a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2L7.3 15.3ZM11.6 5.8l2.6 2.6",
  split:
    "M4.5 4h11A1.5 1.5 0 0 1 17 5.5v9a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-9A1.5 1.5 0 0 1 4.5 4ZM10 4v12",
  read: "M10 5.6C8.6 4.6 6.6 4 4.2 4c-.7 0-1.2.5-1.2 1.1v8.6c0 .6.5 1.1 1.2 1.1c2.4 0 4.4.5 5.8 1.5M10 5.6C11.4 4.6 13.4 4 15.8 4c.7 0 1.2.5 1.2 1.1v8.6c0 .6-.5 1.1-1.2 1.1c-2.4 0-4.4.5-5.8 1.5M10 5.6v10.7",
}

/** `<codraft-view-switch>`: tells `codraft-view` with the view that is wanted. */
export class CodraftViewSwitch extends LitElement {
  static override properties = { view: {}, narrow: { type: Boolean } }

  declare view: View
  /** There is room for one view at a time, and for one button. */
  declare narrow: boolean

  constructor() {
    super()
    this.view = "write"
    this.narrow = false
  }

  static override styles = [
    controls,
    css`
      :host {
        display: inline-flex;
      }

      .group {
        display: flex;
        padding: 2px;
        border: 1px solid var(--line-strong);
        border-radius: 9px;
        background: var(--surface);
      }

      .group button {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        min-width: 2.25rem;
        min-height: 1.875rem;
        padding: 0 0.625rem;
        border: 0;
        border-radius: 7px;
        background: none;
        color: var(--ink-soft);
        font-size: 0.8125rem;
        font-weight: 500;
        cursor: pointer;
      }

      .group button:hover {
        color: var(--ink);
      }

      .group button[aria-pressed="true"] {
        background: color-mix(in srgb, var(--accent) 13%, var(--surface));
        color: var(--accent);
      }

      .group .icon {
        display: none;
        width: 1.125rem;
        height: 1.125rem;
      }

      @media (max-width: 60rem) {
        .group .icon {
          display: block;
        }

        .group span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }

        .group button {
          padding: 0 0.4rem;
        }
      }

      .one {
        display: inline-grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        padding: 0;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--surface);
        cursor: pointer;
      }

      @media (forced-colors: active) {
        .group button[aria-pressed="true"] {
          forced-color-adjust: none;
          background: Highlight;
          color: HighlightText;
        }
      }
    `,
  ]

  override render() {
    if (this.narrow) return this.one(this.view === "read" ? "write" : "read")
    return html`<div class="group" role="group" aria-label=${messages.views.label}>
      ${VIEWS.map(view => this.segment(view))}
    </div>`
  }

  private segment(view: View) {
    return html`<button
      type="button"
      aria-pressed=${view === this.view}
      title=${messages.views.hints[view]}
      @click=${() => this.want(view)}
    >
      ${icon(view)}<span>${messages.views.names[view]}</span>
    </button>`
  }

  /** Where only two views fit, one button leads to the other. */
  private one(view: View) {
    let words = messages.views.actions[view]
    return html`<button type="button" class="one" aria-label=${words} title=${words} @click=${() => this.want(view)}>
      ${icon(view)}
    </button>`
  }

  private want(view: View) {
    this.dispatchEvent(new CustomEvent<View>("codraft-view", { detail: view }))
  }
}

function icon(view: View) {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${ICONS[view]} />`}</svg>`
}

customElements.define("codraft-view-switch", CodraftViewSwitch)
