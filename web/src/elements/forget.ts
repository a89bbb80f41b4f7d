/**
 * Asks whether a document is to be forgotten on this device, and says what that means.
 * Knows what there is to lose; the person decides, and others do it.
 */
import { css, html, LitElement, nothing } from "lit"
import { forget } from "../messages/forget"

const TAG = "codraft-forget"

/** What is at stake. */
export interface Stake {
  /** What the document is called here. */
  readonly title: string
  readonly hasKey: boolean
  readonly hasUnsaved: boolean
  /** Does it. */
  forget(): Promise<void>
}

/** Asks; true once it is done. */
export function askToForget(stake: Stake): Promise<boolean> {
  return new Promise(resolve => document.body.append(new CodraftForget(stake, resolve)))
}

/** `<codraft-forget>` */
export class CodraftForget extends LitElement {
  static override properties = { problem: { state: true }, isBusy: { state: true } }
  static override styles = css`
    dialog {
      width: min(28rem, calc(100vw - 2rem));
      padding: 1.25rem;
      border: 1px solid var(--line-strong);
      border-radius: 14px;
      background: var(--surface);
      color: var(--ink);
      box-shadow: var(--shadow);
      font: 0.9375rem/1.55 var(--ui);
    }
    dialog::backdrop {
      background: light-dark(#24262c40, #00000080);
    }
    h2 {
      margin: 0 0 0.5rem;
      font-size: 1rem;
      font-weight: 650;
      overflow-wrap: anywhere;
    }
    p {
      margin: 0 0 0.625rem;
      color: var(--ink-soft);
      font-size: 0.875rem;
    }
    .danger {
      color: var(--danger);
      font-weight: 550;
    }
    div {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 0.5rem;
      margin-top: 1.125rem;
    }
    button {
      min-height: 2.25rem;
      padding: 0 0.875rem;
      border: 1px solid var(--line-strong);
      border-radius: 8px;
      background: var(--surface);
      color: inherit;
      font: inherit;
      font-size: 0.875rem;
      font-weight: 500;
      cursor: pointer;
    }
    button:hover {
      background: linear-gradient(var(--hover), var(--hover)) var(--surface);
    }
    button:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    button.danger {
      border-color: currentColor;
    }
    @media (pointer: coarse) {
      button {
        min-height: 2.75rem;
      }
    }
  `

  declare private problem: string
  declare private isBusy: boolean

  constructor(
    private readonly stake: Stake,
    private readonly answer: (isForgotten: boolean) => void,
  ) {
    super()
    this.problem = ""
    this.isBusy = false
  }

  override firstUpdated() {
    this.renderRoot.querySelector("dialog")?.showModal()
  }

  override render() {
    let { title, hasKey, hasUnsaved } = this.stake
    return html`<dialog aria-labelledby="title" aria-describedby="what" @close=${() => this.end(false)}>
      <h2 id="title">${forget.title(title)}</h2>
      <section id="what">
        ${hasUnsaved ? html`<p class="danger">${forget.unsaved}</p>` : nothing}
        <p>${forget.copy}</p>
        ${hasKey ? html`<p>${forget.key}</p>` : nothing}
      </section>
      <p class="danger" role="alert">${this.problem}</p>
      <div>
        <button type="button" autofocus @click=${() => this.end(false)}>${forget.keep}</button>
        <button type="button" class=${hasUnsaved ? "danger" : ""} ?disabled=${this.isBusy} @click=${this.confirm}>
          ${hasUnsaved ? forget.forgetUnsaved : forget.forget}
        </button>
      </div>
    </dialog>`
  }

  private readonly confirm = async () => {
    this.isBusy = true
    try {
      await this.stake.forget()
      this.end(true)
    } catch (error) {
      console.warn(error)
      this.problem = forget.failed
      this.isBusy = false
    }
  }

  private end(isForgotten: boolean) {
    this.remove()
    this.answer(isForgotten)
  }
}

customElements.define(TAG, CodraftForget)
