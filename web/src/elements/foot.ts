/**
 * The quiet line below the text: where the cursor is, how many words there are, and what others put into it.
 * Knows no text: it shows what it is told, and asks for more only while its counts are open.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit"
import { foot as words } from "../messages/format"
import { count } from "../messages/number"
import { type Counts, minutesFor } from "../page/counting"
import { controls } from "./controls"

/** What the line tells. */
export interface FootFacts {
  readonly line: number
  readonly column: number
  /** Null while they are being counted. */
  readonly whole: Counts | null
  /** Null when nothing is selected, or while it is being counted. */
  readonly selected: Counts | null
}

/** `<codraft-foot>`: give it `facts`; what stands in it as its children is shown at its end. */
export class CodraftFoot extends LitElement {
  static override properties = { facts: { attribute: false }, open: { state: true } }

  declare facts: FootFacts | null
  declare private open: boolean
  /** Called when somebody wants to go to another line. */
  onPlace = () => {}

  constructor() {
    super()
    this.facts = null
    this.open = false
  }

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        min-height: 1.75rem;
        padding: 0 0.75rem;
        border-top: 1px solid var(--line);
        background: var(--paper);
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-variant-numeric: tabular-nums;
      }

      .quiet {
        min-height: 1.5rem;
        padding: 0 0.375rem;
        border: 0;
        border-radius: 5px;
        background: none;
        white-space: nowrap;
        cursor: pointer;
      }

      .quiet:hover,
      .quiet[aria-expanded="true"] {
        background: var(--hover);
        color: var(--ink);
      }

      .end {
        display: flex;
        flex: 1;
        align-items: center;
        justify-content: flex-end;
        gap: 0.25rem;
        min-width: 0;
      }

      #counts {
        position: fixed;
        inset: auto auto 2.25rem 0.75rem;
        margin: 0;
        padding: 0.75rem 1rem;
        border: 1px solid var(--line-strong);
        border-radius: 12px;
        background: var(--surface);
        color: var(--ink);
        box-shadow: var(--shadow);
        font-size: 0.8125rem;
      }

      th {
        padding: 0.125rem 1.25rem 0.125rem 0;
        color: var(--ink-soft);
        font-weight: 400;
        text-align: start;
      }

      thead th {
        padding-bottom: 0.375rem;
        font-weight: 600;
        text-align: end;
      }

      thead th:last-child,
      td:last-child {
        padding-inline-end: 0;
      }

      td {
        padding: 0.125rem 1.25rem 0.125rem 0;
        text-align: end;
      }

      @media (hover: none) and (pointer: coarse) {
        :host {
          min-height: 2.25rem;
        }

        .quiet {
          min-height: 2.25rem;
        }
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ]

  protected override render() {
    let { facts } = this
    if (!facts) return nothing
    let { line, column } = facts
    return html`
      <button type="button" class="quiet place" title=${words.goTo} @click=${() => this.onPlace()}>
        ${words.place(line, column)}
      </button>
      <button type="button" class="quiet words" popovertarget="counts" aria-expanded=${String(this.open)} title=${words.details}>
        ${this.summary(facts)}
      </button>
      <div id="counts" popover role="dialog" aria-label=${words.details} @toggle=${this.toggled}>${this.open ? this.details(facts) : nothing}</div>
      <div class="end"><slot></slot></div>
    `
  }

  private summary({ whole, selected }: FootFacts): string {
    if (!whole) return words.counting
    return selected ? words.wordsOf(selected.words, whole.words) : words.words(whole.words)
  }

  private details({ whole, selected }: FootFacts): TemplateResult | string {
    if (!whole) return words.counting
    let columns = selected ? [selected, whole] : [whole]
    let names = selected ? [words.selection, words.whole] : []
    let row = (name: string, value: (counts: Counts) => string) =>
      html`<tr><th scope="row">${name}</th>${columns.map(counts => html`<td>${value(counts)}</td>`)}</tr>`
    return html`
      <table>
        ${selected ? html`<thead><tr><td></td>${names.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>` : nothing}
        <tbody>
          ${row(words.rows.words, counts => count(counts.words))}
          ${row(words.rows.characters, counts => count(counts.characters))}
          ${row(words.rows.solid, counts => count(counts.solid))}
          ${row(words.rows.lines, counts => count(counts.lines))}
          ${row(words.rows.reading, counts => words.minutes(minutesFor(counts.words)))}
        </tbody>
      </table>
    `
  }

  private readonly toggled = ({ newState }: ToggleEvent) => {
    this.open = newState === "open"
  }
}

customElements.define("codraft-foot", CodraftFoot)
