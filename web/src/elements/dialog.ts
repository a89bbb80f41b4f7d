/**
 * What the page's dialogs have in common: a frame with a title, ways to close it, and the focus going back.
 * Knows none of their contents.
 */
import { css, html, LitElement, type TemplateResult } from "lit"
import { giveFocus } from "../editor/focus"
import { messages } from "../messages"
import { deepFocus } from "../page/dom"
import { controls } from "./controls"

/** A dialog over the page. What is inside is `content()`; it is put on the page when it is shown, and goes when it is closed. */
export abstract class CodraftDialog extends LitElement {
  static override styles = [
    controls,
    css`
      dialog {
        display: flex;
        flex-direction: column;
        width: min(37rem, calc(100vw - 1.5rem));
        max-height: calc(var(--height, 100dvh) - 2rem);
        margin: auto;
        padding: 0;
        overflow: hidden;
        border: 1px solid var(--line-strong);
        border-radius: 14px;
        background: var(--surface);
        color: var(--ink);
        box-shadow: var(--shadow);
        font: 0.9375rem / 1.5 var(--ui);
      }

      dialog:not([open]) {
        display: none;
      }

      dialog::backdrop {
        background: light-dark(#24262c40, #00000080);
      }

      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: 0.75rem 0.75rem 0.25rem 1.25rem;
      }

      h2,
      h3,
      p {
        margin: 0;
      }

      h2 {
        outline: none;
        font-size: 1rem;
        font-weight: 650;
      }

      .body {
        overflow: auto;
        overscroll-behavior: contain;
        padding: 0.25rem 1.25rem 1.25rem;
      }

      .hint {
        color: var(--ink-soft);
        font-size: 0.8125rem;
      }
    `,
  ]

  /** What the dialog is called. */
  protected abstract readonly heading: string
  protected abstract content(): TemplateResult

  protected override render() {
    return html`
      <dialog aria-labelledby="heading" @close=${this.closed} @cancel=${this.cancelled} @click=${this.clicked}>
        <div class="head">
          <h2 id="heading" tabindex="-1">${this.heading}</h2>
          <button
            type="button"
            class="button quiet"
            aria-label=${messages.close}
            title=${messages.close}
            @click=${() => this.close()}
          >
            <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M5.5 5.5l9 9M14.5 5.5l-9 9" /></svg>
          </button>
        </div>
        <div class="body">${this.content()}</div>
      </dialog>
    `
  }

  /** What had the focus before. */
  private cameFrom: HTMLElement | null = null

  /** Puts it on the page, in front of everything. */
  show() {
    this.cameFrom = deepFocus()
    document.body.append(this)
    // At once: until then the keys that follow would go into the text.
    this.performUpdate()
    this.dialog.showModal()
    // Not the button that closes it, which comes first.
    this.renderRoot.querySelector<HTMLElement>("input[autofocus]") ??
      this.renderRoot.querySelector("h2")?.focus()
  }

  /** Closes it; the focus is back where it was when this returns. */
  close() {
    this.dialog.close()
    this.closed()
  }

  /** The browser's own way back ends at the first shadow. */
  protected readonly closed = () => {
    if (!this.isConnected) return
    this.remove()
    giveFocus(this.cameFrom)
  }

  protected get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector("dialog") as HTMLDialogElement
  }

  /** Escape: closed at once, or the next key would go nowhere. */
  protected readonly cancelled = (event: Event) => {
    event.preventDefault()
    this.close()
  }

  private readonly clicked = (event: Event) => {
    // A click beside the dialog is one on its backdrop.
    if (event.target === this.dialog) this.close()
  }
}
