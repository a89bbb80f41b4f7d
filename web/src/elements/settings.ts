/**
 * The dialog in which somebody says how they like to work. What they choose holds at once.
 * Knows the settings, and nothing of who follows them.
 */
import { css, html, type TemplateResult } from "lit"
import { settings as words } from "../messages/work"
import {
  DEFAULTS,
  FONTS,
  KEYMAPS,
  NUMBERINGS,
  type Settings,
  SIZES,
  settings,
  THEMES,
  WIDTHS,
} from "../page/settings"
import { CodraftDialog } from "./dialog"

type Key = keyof Settings
/** Those that are on or off. */
type Switch = "wrap" | "whitespace" | "spellcheck" | "toolbar" | "announcements"

/** `<codraft-settings>`: show it. */
export class CodraftSettings extends CodraftDialog {
  protected readonly heading = words.title
  private stopListening = () => {}

  static override styles = [
    ...CodraftDialog.styles,
    css`
      section + section {
        margin-top: 1.25rem;
        padding-top: 1rem;
        border-top: 1px solid var(--line);
      }

      h3 {
        margin-bottom: 0.375rem;
        color: var(--ink-soft);
        font-size: 0.8125rem;
        font-weight: 600;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.25rem 1rem;
        min-height: 2.5rem;
        margin: 0;
        padding: 0;
        border: 0;
      }

      .choices {
        display: inline-flex;
        padding: 2px;
        border: 1px solid var(--line-strong);
        border-radius: 9px;
        background: var(--paper);
      }

      .choices label {
        position: relative;
        padding: 0.25rem 0.75rem;
        border-radius: 7px;
        font-size: 0.875rem;
        cursor: pointer;
      }

      .choices input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }

      .choices label:has(:checked) {
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 600;
      }

      .choices label:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }

      .serif {
        font-family: var(--serif);
      }

      .mono {
        font-family: var(--mono);
      }

      select {
        min-height: 2.25rem;
        padding: 0 0.375rem;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--paper);
        font-size: 0.875rem;
      }

      .size {
        display: inline-flex;
        align-items: center;
        gap: 0.25rem;
      }

      output {
        min-width: 3.5rem;
        font-variant-numeric: tabular-nums;
        text-align: center;
      }

      input[type="checkbox"] {
        flex: none;
        appearance: none;
        position: relative;
        width: 2.25rem;
        height: 1.375rem;
        margin: 0;
        border-radius: 1rem;
        background: var(--ink-soft);
        cursor: pointer;
      }

      input[type="checkbox"]::before {
        content: "";
        position: absolute;
        inset: 3px auto 3px 3px;
        aspect-ratio: 1;
        border-radius: 50%;
        background: var(--surface);
      }

      input[type="checkbox"]:checked {
        background: var(--accent);
      }

      input[type="checkbox"]:checked::before {
        inset-inline: auto 3px;
      }

      .end {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        margin-top: 1.25rem;
      }

      @media (hover: none) {
        .row {
          min-height: 3rem;
        }
      }

      @media (forced-colors: active) {
        input[type="checkbox"] {
          appearance: auto;
        }

        .choices label:has(:checked) {
          outline: 2px solid Highlight;
        }
      }
    `,
  ]

  override connectedCallback() {
    super.connectedCallback()
    this.stopListening = settings.onChange(() => this.requestUpdate())
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.stopListening()
  }

  protected content(): TemplateResult {
    return html`
      <section aria-labelledby="looks">
        <h3 id="looks">${words.looks}</h3>
        ${choices("theme", words.theme, THEMES, words.themes)} ${choices("font", words.font, FONTS, words.fonts)}
        ${this.size()} ${select("width", words.width, WIDTHS, words.widths)}
      </section>
      <section aria-labelledby="text">
        <h3 id="text">${words.text}</h3>
        ${onOff("wrap")} ${select("lineNumbers", words.lineNumbers, NUMBERINGS, words.numberings)}
        ${onOff("whitespace")} ${onOff("spellcheck")}
      </section>
      <section aria-labelledby="keyboard">
        <h3 id="keyboard">${words.keyboard}</h3>
        ${select("keymap", words.keymap, KEYMAPS, words.keymaps)} ${onOff("toolbar")} ${onOff("announcements")}
      </section>
      <div class="end">
        <p class="hint">${words.kept}</p>
        <button type="button" class="button" @click=${() => settings.set(DEFAULTS)}>${words.reset}</button>
      </div>
    `
  }

  private size(): TemplateResult {
    let at = SIZES.indexOf(settings.now.fontSize as (typeof SIZES)[number])
    let step = (by: 1 | -1, sign: string) => {
      let size = SIZES[at + by]
      let take = () => size !== undefined && settings.set({ fontSize: size })
      let label = `${words.fontSize}: ${words.percent(size ?? settings.now.fontSize)}`
      return html`
        <button type="button" class="button quiet" aria-label=${label} aria-disabled=${size === undefined} @click=${take}>
          ${sign}
        </button>
      `
    }
    return html`
      <div class="row" role="group" aria-labelledby="size">
        <span id="size">${words.fontSize}</span>
        <span class="size">
          ${step(-1, "−")}<output aria-live="polite">${words.percent(settings.now.fontSize)}</output>${step(1, "+")}
        </span>
      </div>
    `
  }
}

function choices<K extends Key>(
  key: K,
  label: string,
  all: readonly Settings[K][],
  names: Record<string, string>,
) {
  return html`
    <fieldset class="row">
      <span id=${key}>${label}</span>
      <span class="choices" role="radiogroup" aria-labelledby=${key}>
        ${all.map(
          choice => html`
            <label class=${String(choice)}>
              <input
                type="radio"
                name=${key}
                .checked=${settings.now[key] === choice}
                @change=${() => settings.set({ [key]: choice })}
              />${names[String(choice)]}
            </label>
          `,
        )}
      </span>
    </fieldset>
  `
}

function select<K extends Key>(
  key: K,
  label: string,
  all: readonly Settings[K][],
  names: Record<string, string>,
) {
  let take = (event: Event) => settings.set({ [key]: (event.target as HTMLSelectElement).value })
  return html`
    <div class="row">
      <label for=${key}>${label}</label>
      <select id=${key} @change=${take}>
        ${all.map(
          choice =>
            html`<option value=${String(choice)} .selected=${settings.now[key] === choice}>${names[String(choice)]}</option>`,
        )}
      </select>
    </div>
  `
}

function onOff(key: Switch) {
  let take = (event: Event) => settings.set({ [key]: (event.target as HTMLInputElement).checked })
  return html`
    <label class="row">
      ${words[key]}
      <input type="checkbox" role="switch" .checked=${settings.now[key]} @change=${take} />
    </label>
  `
}

customElements.define("codraft-settings", CodraftSettings)
