/**
 * What this page is, which version of it, and who may use it.
 * Knows nothing of the document.
 */
import { css, html, type TemplateResult } from "lit"
import iconUrl from "../icon.svg"
import { messages } from "../messages"
import { about as words } from "../messages/work"
import { CodraftDialog } from "./dialog"

/** `<codraft-about>`: show it. */
export class CodraftAbout extends CodraftDialog {
  protected readonly heading = words.title

  static override styles = [
    ...CodraftDialog.styles,
    css`
      dialog {
        width: min(26rem, calc(100vw - 1.5rem));
      }

      .name {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        margin: 0.5rem 0 1rem;
      }

      .name b {
        display: block;
        font-size: 1.125rem;
        line-height: 1.3;
      }

      p + p {
        margin-top: 0.75rem;
      }
    `,
  ]

  protected content(): TemplateResult {
    return html`
      <div class="name">
        <img src=${iconUrl} alt="" width="44" height="44" />
        <p><b>${messages.product}</b><span class="hint">${words.version(VERSION)}</span></p>
      </div>
      <p>${words.what}</p>
      <p>${words.licence}</p>
    `
  }
}

/** The workspace's, put in when the page is built. */
declare const VERSION: string

customElements.define("codraft-about", CodraftAbout)
