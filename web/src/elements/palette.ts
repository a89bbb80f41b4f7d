/**
 * The command palette: everything that can be done and every place in the text, found by typing a few letters.
 * Knows the list of actions and the places it is given; it does nothing itself.
 */
import { css, html, nothing, type TemplateResult } from "lit"
import type { Actions } from "../actions"
import { palette as words } from "../messages/work"
import { type Choice, choicesFor, type Places } from "../page/choices"
import { keysShown } from "../page/key-names"
import { noteRecentAction, recentActions } from "../page/recent-actions"
import { CodraftDialog } from "./dialog"

/** `<codraft-palette>`: give it `actions` and `places`, and show it. */
export class CodraftPalette extends CodraftDialog {
  static override properties = {
    actions: { attribute: false },
    places: { attribute: false },
    query: { state: true },
    chosen: { state: true },
  }

  declare actions: Actions
  declare places: Places
  /** What is typed. `:` looks for a line, `@` for a heading, anything else for an action. */
  declare query: string
  /** Which of the choices Enter takes. */
  declare private chosen: number
  protected readonly heading: string = words.title
  protected readonly placeholder: string = words.placeholder
  /** Said while nothing is typed. */
  protected readonly help: string = words.help
  private choices: readonly Choice[] = []

  constructor() {
    super()
    this.query = ""
    this.chosen = 0
  }

  static override styles = [
    ...CodraftDialog.styles,
    css`
      dialog {
        margin-top: min(12vh, 6rem);
        max-height: min(30rem, calc(var(--height, 100dvh) - 2rem));
      }

      .typed {
        flex: none;
        margin: 0.5rem;
        padding: 0 0.75rem;
        min-height: 2.75rem;
        border: 1px solid var(--line-strong);
        border-radius: 9px;
        background: var(--paper);
        font-size: 1rem;
      }

      .typed::placeholder {
        color: var(--ink-soft);
        opacity: 1;
      }

      ul {
        flex: 1;
        margin: 0;
        padding: 0 0.5rem 0.5rem;
        overflow: auto;
        overscroll-behavior: contain;
        list-style: none;
      }

      li {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        min-height: 2.25rem;
        padding: 0.25rem 0.75rem;
        border-radius: 8px;
        cursor: pointer;
        scroll-margin: 0.5rem;
      }

      li[aria-selected="true"] {
        background: light-dark(#2a5fd01a, #8db4ff29);
      }

      .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      mark {
        background: none;
        color: var(--accent);
        font-weight: 650;
      }

      .beside,
      kbd {
        flex: none;
        color: var(--ink-soft);
        font: 0.8125rem / 1 var(--ui);
      }

      .on {
        width: 1rem;
        height: 1rem;
        color: var(--accent);
        stroke-width: 2;
      }

      .hint {
        padding: 0.25rem 1.25rem 1rem;
      }

      .foot {
        padding: 0.5rem 1.25rem;
        border-top: 1px solid var(--line);
      }

      @media (max-width: 34rem), (hover: none) {
        dialog {
          margin-top: 0.75rem;
        }

        li {
          min-height: 2.75rem;
        }

        kbd {
          display: none;
        }
      }

      @media (forced-colors: active) {
        li[aria-selected="true"] {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ]

  protected override render() {
    this.choices = this.find(this.query)
    let { length } = this.choices
    return html`
      <dialog aria-label=${this.heading} @close=${this.closed} @cancel=${this.cancelled} @click=${this.beside}>
        <input
          class="typed"
          type="text"
          role="combobox"
          aria-label=${this.heading}
          aria-expanded="true"
          aria-controls="choices"
          aria-autocomplete="list"
          aria-activedescendant=${length ? `choice-${this.chosen}` : nothing}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          enterkeyhint="go"
          autofocus
          placeholder=${this.placeholder}
          .value=${this.query}
          @input=${this.typed}
          @keydown=${this.key}
        />
        <ul id="choices" role="listbox" aria-label=${this.heading} ?hidden=${length === 0}>
          ${this.choices.map((choice, i) => this.option(choice, i))}
        </ul>
        <p class="hint" role="status" ?hidden=${length > 0}>${length ? "" : this.nothing(this.query)}</p>
        <p class="hint foot" ?hidden=${this.query !== ""}>${this.help}</p>
      </dialog>
    `
  }

  /** What is offered for what is typed. */
  protected find(query: string): readonly Choice[] {
    return choicesFor(query, this.actions, this.places, recentActions())
  }

  /** Said when nothing is offered. */
  protected nothing(query: string): string {
    return words.nothing[modeOf(query)]
  }

  protected content(): TemplateResult {
    return html``
  }

  private option({ name, at, beside, keys, on }: Choice, i: number): TemplateResult {
    return html`
      <li
        id=${`choice-${i}`}
        role="option"
        aria-selected=${i === this.chosen ? "true" : "false"}
        @click=${() => this.take(i)}
        @pointermove=${() => {
          this.chosen = i
        }}
      >
        <span class="name">${marked(name, at)}</span>
        ${
          on
            ? html`<svg class="icon on" viewBox="0 0 20 20" role="img" aria-label=${words.on}><path d="M4.5 10.5l3.7 3.7l7.3-8" /></svg>`
            : nothing
        }
        ${beside ? html`<span class="beside">${beside}</span>` : nothing}
        ${keys ? html`<kbd>${keysShown(keys)}</kbd>` : nothing}
      </li>
    `
  }

  private readonly typed = (event: Event) => {
    this.query = (event.target as HTMLInputElement).value
    this.chosen = 0
  }

  private readonly key = (event: KeyboardEvent) => {
    let { length } = this.choices
    let steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
    let step = steps[event.key]
    if (event.isComposing) return
    if (event.key === "Enter") this.take(this.chosen)
    else if (step === undefined || length === 0) return
    else if (Math.abs(step) === 1) this.chosen = (this.chosen + step + length) % length
    else this.chosen = Math.min(Math.max(this.chosen + step, 0), length - 1)
    event.preventDefault()
  }

  protected override updated() {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" })
  }

  private take(i: number) {
    let choice = this.choices[i]
    if (!choice) return
    if (choice.id) noteRecentAction(choice.id)
    // Closed first: that gives the focus back, and what is done may want it somewhere else.
    this.close()
    choice.take()
  }

  private readonly beside = (event: Event) => {
    if (event.target === this.dialog) this.close()
  }
}

function modeOf(query: string): keyof typeof words.nothing {
  return query.startsWith(":") ? "line" : query.startsWith("@") ? "heading" : "action"
}

/** A name with the letters that were meant. */
function marked(name: string, at: readonly number[]) {
  if (at.length === 0) return name
  return name.split("").map((unit, i) => (at.includes(i) ? html`<mark>${unit}</mark>` : unit))
}

customElements.define("codraft-palette", CodraftPalette)
