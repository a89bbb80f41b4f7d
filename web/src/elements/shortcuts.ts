/**
 * The sheet of shortcuts: every key that does something, by what it does, as this machine's keyboard has it.
 * Knows the list of actions, and binds nothing.
 */
import { css, html, nothing, type TemplateResult } from "lit"
import { type Actions, GROUPS } from "../actions"
import { messages } from "../messages"
import { shortcuts as words } from "../messages/work"
import { isMac, keyCaps } from "../page/key-names"
import { settings } from "../page/settings"
import { CodraftDialog } from "./dialog"

/** One line: what is done, and the keys for it; several are ways or directions. */
interface Shortcut {
  readonly does: string
  readonly keys: readonly string[]
}

/** `<codraft-shortcuts>`: give it `actions`, and show it. */
export class CodraftShortcuts extends CodraftDialog {
  static override properties = { actions: { attribute: false }, filter: { state: true } }

  declare actions: Actions
  declare filter: string
  protected readonly heading = words.title

  constructor() {
    super()
    this.filter = ""
  }

  static override styles = [
    ...CodraftDialog.styles,
    css`
      dialog {
        width: min(52rem, calc(100vw - 1.5rem));
      }

      .filter {
        width: 100%;
        min-height: 2.5rem;
        margin: 0.25rem 0 1rem;
        padding: 0 0.75rem;
        border: 1px solid var(--line-strong);
        border-radius: 9px;
        background: var(--paper);
      }

      .filter::placeholder {
        color: var(--ink-soft);
        opacity: 1;
      }

      .columns {
        columns: 2 20rem;
        column-gap: 2.5rem;
      }

      section {
        margin-bottom: 1.25rem;
      }

      h3 {
        padding-bottom: 0.25rem;
        border-bottom: 1px solid var(--line);
        color: var(--ink-soft);
        font-size: 0.8125rem;
        font-weight: 600;
        break-after: avoid;
      }

      dl {
        margin: 0;
      }

      dl div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
        min-height: 2.25rem;
        break-inside: avoid;
      }

      dd {
        margin: 0;
        text-align: end;
      }

      kbd {
        display: inline-block;
        min-width: 1.5rem;
        padding: 0.0625rem 0.375rem;
        border: 1px solid var(--line-strong);
        border-bottom-width: 2px;
        border-radius: 5px;
        background: var(--paper);
        font: 0.8125rem / 1.4 var(--ui);
        text-align: center;
      }

      .stroke {
        white-space: nowrap;
      }

      .or {
        margin: 0 0.25rem;
        color: var(--ink-soft);
      }
    `,
  ]

  protected content(): TemplateResult {
    let sections = this.sections()
    let { keymap } = settings.now
    return html`
      <input
        class="filter"
        type="text"
        autofocus
        autocomplete="off"
        spellcheck="false"
        placeholder=${words.filter}
        aria-label=${words.filter}
        @input=${this.typed}
      />
      <p class="hint" role="status">
        ${sections.length === 0 ? words.none : keymap === "standard" ? nothing : words.keymap[keymap]}
      </p>
      <div class="columns">
        ${sections.map(
          ([title, list], i) => html`
            <section aria-labelledby=${`section-${i}`}>
              <h3 id=${`section-${i}`}>${title}</h3>
              <dl>
                ${list.map(({ does, keys }) => html`<div><dt>${does}</dt><dd>${joined(keys.map(shown))}</dd></div>`)}
              </dl>
            </section>
          `,
        )}
      </div>
    `
  }

  private readonly typed = (event: Event) => {
    this.filter = (event.target as HTMLInputElement).value
  }

  private sections(): readonly (readonly [string, readonly Shortcut[]])[] {
    let wanted = this.filter.trim().toLowerCase()
    let offered = this.actions.offered()
    let groups = GROUPS.map(group => {
      let actions = offered.filter(action => action.group === group)
      let list = actions.flatMap(({ title, keys }) => (keys ? [{ does: title, keys: [keys] }] : []))
      return [messages.groups[group], list] as const
    })
    let own = words.own.map(({ does, keys, mac }) => ({ does, keys: (isMac && mac) || keys }))
    return [...groups, [words.editor, own] as const]
      .map(
        ([title, list]) => [title, list.filter(({ does }) => does.toLowerCase().includes(wanted))] as const,
      )
      .filter(([, list]) => list.length > 0)
  }
}

/** The caps of keys; those that follow each other with a word between. */
function shown(keys: string): TemplateResult {
  let strokes = keys.split(" ").map(stroke => {
    let caps = keyCaps(stroke).map(cap => html`<kbd>${cap === "click" ? words.click : cap}</kbd>`)
    return html`<span class="stroke">${caps.map((cap, i) => html`${i ? " " : nothing}${cap}`)}</span>`
  })
  return html`${strokes.map((stroke, i) => html`${i ? html`<span class="or">${words.followedBy}</span>` : nothing}${stroke}`)}`
}

function joined(all: readonly TemplateResult[]): TemplateResult {
  return html`${all.map((one, i) => html`${i ? html`<span class="or">/</span>` : nothing}${one}`)}`
}

customElements.define("codraft-shortcuts", CodraftShortcuts)
