/**
 * The page's menu: a button with everything that can be done behind it, with its keys and what is switched on.
 * Knows the list of actions, and nothing of what they do.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit"
import type { Action, Actions, Group } from "../actions"
import { giveFocus } from "../editor/focus"
import { messages } from "../messages"
import { deepFocus } from "../page/dom"
import { ariaKeys, keysShown } from "../page/key-names"
import { controls } from "./controls"

/** What is found faster elsewhere is not in the menu: people have a list, formats a toolbar. */
const GROUPS: readonly Group[] = ["document", "edit", "view", "help"]
/** Between the button and its menu, and what is left free of the window's edge; in CSS pixels. */
const GAP = 6

/** `<codraft-menu>`: give it `actions`. */
export class CodraftMenu extends LitElement {
  static override properties = { actions: { attribute: false }, offered: { state: true } }

  declare actions: Actions | undefined
  /** What the open menu lists. */
  declare private offered: readonly Action[] | null
  /** What had the focus when it was opened. */
  private cameFrom: HTMLElement | null = null

  constructor() {
    super()
    this.offered = null
  }

  static override styles = [
    controls,
    css`
      :host {
        display: inline-flex;
      }

      [role="menu"] {
        position: fixed;
        inset: auto;
        min-width: 15rem;
        max-width: min(22rem, 100vw - 1rem);
        margin: 0;
        padding: 0.375rem;
        overflow: auto;
        overscroll-behavior: contain;
        border: 1px solid var(--line-strong);
        border-radius: 12px;
        background: var(--surface);
        color: var(--ink);
        box-shadow: var(--shadow);
        outline: none;
      }

      [role="group"] + [role="group"] {
        margin-top: 0.375rem;
        padding-top: 0.375rem;
        border-top: 1px solid var(--line);
      }

      .heading {
        margin: 0;
        padding: 0.25rem 0.625rem;
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-weight: 600;
      }

      .item {
        display: flex;
        align-items: center;
        gap: 0.625rem;
        width: 100%;
        min-height: 2rem;
        padding: 0.25rem 0.625rem;
        border: 0;
        border-radius: 7px;
        background: none;
        font-size: 0.875rem;
        text-align: start;
        cursor: pointer;
      }

      .item:is(:hover, :focus) {
        background: var(--hover);
      }

      .item:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
      }

      .title {
        flex: 1;
      }

      .check {
        width: 1rem;
        height: 1rem;
        color: var(--accent);
        stroke-width: 2;
      }

      .item[aria-checked="false"] .check {
        visibility: hidden;
      }

      kbd {
        color: var(--ink-soft);
        font: 0.8125rem / 1 var(--ui);
        white-space: nowrap;
      }

      /* Long as it is, it is seen as a whole. */
      @media (min-width: 48rem) {
        [role="menu"] {
          width: 33rem;
          max-width: none;
          padding: 0.5rem;
          columns: 2;
          column-gap: 0.5rem;
          column-rule: 1px solid var(--line);
        }

        [role="group"] {
          padding-bottom: 0.375rem;
          break-inside: avoid;
        }

        [role="group"] + [role="group"] {
          margin-top: 0;
          padding-top: 0;
          border-top: 0;
        }
      }

      @media (max-width: 34rem) {
        [role="menu"] {
          inset: auto 0 0 !important;
          width: 100%;
          max-width: none;
          max-height: 80dvh !important;
          padding: 0.75rem 0.75rem max(0.75rem, env(safe-area-inset-bottom));
          border-width: 1px 0 0;
          border-radius: 16px 16px 0 0;
        }

        [role="menu"]::backdrop {
          background: light-dark(#24262c40, #00000080);
        }

        .item {
          min-height: 2.75rem;
          font-size: 1rem;
        }
      }

      @media (hover: none) {
        kbd {
          display: none;
        }
      }

      @media (prefers-reduced-motion: no-preference) and (max-width: 34rem) {
        [role="menu"]:popover-open {
          animation: rise 160ms ease-out;
        }

        @keyframes rise {
          from {
            transform: translateY(2rem);
            opacity: 0;
          }
        }
      }

      @media (forced-colors: active) {
        .item:is(:hover, :focus) {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ]

  protected override render() {
    return html`
      <button
        id="button"
        type="button"
        class="button quiet"
        aria-haspopup="menu"
        aria-expanded=${this.offered ? "true" : "false"}
        aria-controls="menu"
        aria-label=${messages.menu.label}
        title=${messages.menu.label}
        popovertarget="menu"
        @mousedown=${keepFocus}
        @keydown=${this.buttonKey}
      >
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="4.5" cy="10" r="0.9" /><circle cx="10" cy="10" r="0.9" /><circle cx="15.5" cy="10" r="0.9" />
        </svg>
      </button>
      <div
        id="menu"
        role="menu"
        popover
        tabindex="-1"
        aria-label=${messages.menu.label}
        @beforetoggle=${this.beforeToggle}
        @toggle=${this.toggled}
        @keydown=${this.menuKey}
      >
        ${GROUPS.map(group => this.groupOf(group))}
      </div>
    `
  }

  override connectedCallback() {
    super.connectedCallback()
    // The button that stood in for this one.
    this.replaceChildren()
  }

  /** Opens it as its button does; at one of its items, if `at` says which. */
  open(at?: number) {
    // At once: whoever asks may have been waiting.
    if (!this.hasUpdated) this.performUpdate()
    if (!deepFocus() || deepFocus() === document.body) this.button.focus({ preventScroll: true })
    this.menu.showPopover()
    if (at !== undefined) void this.enter(at)
  }

  private groupOf(group: Group): TemplateResult | typeof nothing {
    let actions = this.offered?.filter(action => action.group === group) ?? []
    if (actions.length === 0) return nothing
    return html`
      <div role="group" aria-labelledby=${group}>
        <p class="heading" id=${group} role="presentation">${messages.groups[group]}</p>
        ${actions.map(action => this.item(action))}
      </div>
    `
  }

  private item(action: Action): TemplateResult {
    let on = action.isOn?.()
    return html`
      <button
        type="button"
        class="item"
        role=${on === undefined ? "menuitem" : "menuitemcheckbox"}
        aria-checked=${on === undefined ? nothing : on ? "true" : "false"}
        aria-keyshortcuts=${action.keys ? ariaKeys(action.keys) : nothing}
        tabindex="-1"
        data-id=${action.id}
        @click=${() => this.choose(action)}
        @pointermove=${(event: PointerEvent) => focusOn(event.currentTarget)}
      >
        <span class="title">${action.title}</span>
        ${action.keys ? html`<kbd aria-hidden="true">${keysShown(action.keys)}</kbd>` : nothing}
        ${
          on === undefined
            ? nothing
            : html`<svg class="icon check" viewBox="0 0 20 20" aria-hidden="true"><path d="M4.5 10.5l3.7 3.7l7.3-8" /></svg>`
        }
      </button>
    `
  }

  private choose(action: Action) {
    // Closed first: that gives the focus back to the text, and the action may want it somewhere else.
    if (!action.stays) this.menu.hidePopover()
    action.run()
    if (action.stays) this.look()
  }

  private look() {
    this.offered = this.actions?.offered().filter(action => !action.rare) ?? []
  }

  private readonly beforeToggle = (event: ToggleEvent) => {
    if (event.newState !== "open") return this.giveBack()
    this.cameFrom = deepFocus()
    this.look()
    let { bottom, right } = this.button.getBoundingClientRect()
    let { style } = this.menu
    style.setProperty("top", `${bottom + GAP}px`)
    style.setProperty("right", `${Math.max(GAP, document.documentElement.clientWidth - right)}px`)
    style.setProperty("max-height", `calc(100dvh - ${bottom + 2 * GAP}px)`)
  }

  /** The browser's own way back does not see into every shadow. */
  private giveBack() {
    let isInside = this.menu.contains(this.shadowRoot?.activeElement ?? null)
    if (isInside) giveFocus(this.cameFrom)
  }

  private readonly toggled = (event: ToggleEvent) => {
    if (event.newState === "closed") this.offered = null
    else if (!this.menu.contains(this.shadowRoot?.activeElement ?? null)) this.enter(0)
  }

  private async enter(at: number) {
    await this.updateComplete
    // Whoever points sees where they are; the first item would only look chosen.
    if (this.button.matches(":focus-visible")) this.items.at(at)?.focus()
    else this.menu.focus()
  }

  private readonly buttonKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
    event.preventDefault()
    this.open(event.key === "ArrowDown" ? 0 : -1)
  }

  private readonly menuKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    let { items } = this
    let at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement)
    let next =
      stepOf(event.key, at, items.length) ?? this.beside(event.key, at) ?? this.startingWith(event.key, at)
    if (event.key === "Tab") this.menu.hidePopover()
    else if (next !== undefined) {
      event.preventDefault()
      items[next]?.focus()
    }
  }

  /** The item of the other column at the same height. */
  private beside(key: string, at: number): number | undefined {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined
    let boxes = this.items.map(item => item.getBoundingClientRect())
    let own = boxes[at]
    if (!own) return undefined
    let isThere = (left: number) => (key === "ArrowRight" ? left > own.right : left < own.left)
    let distance = (i: number) => Math.abs((boxes[i]?.top ?? 0) - own.top)
    let there = boxes.flatMap(({ left }, i) => (isThere(left) ? [i] : []))
    return there.sort((a, b) => distance(a) - distance(b))[0]
  }

  private startingWith(letter: string, at: number): number | undefined {
    if (letter.length !== 1 || letter === " ") return undefined
    let { items } = this
    let order = items.map((_, i) => (at + 1 + i) % items.length)
    let isIt = (i: number) => items[i]?.textContent?.trim().toLowerCase().startsWith(letter.toLowerCase())
    return order.find(isIt)
  }

  private get items(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".item")]
  }

  private get menu(): HTMLElement {
    return this.renderRoot.querySelector("#menu") as HTMLElement
  }

  private get button(): HTMLElement {
    return this.renderRoot.querySelector("#button") as HTMLElement
  }
}

/** Where a key leads among so many items. */
function stepOf(key: string, at: number, count: number): number | undefined {
  if (key === "Home") return 0
  if (key === "End") return count - 1
  if (key === "ArrowDown") return (at + 1) % count
  if (key === "ArrowUp") return (Math.max(at, 0) + count - 1) % count
  return undefined
}

/** A click on the button leaves the focus in the text, to which it goes back when the menu closes. */
function keepFocus(event: Event) {
  event.preventDefault()
}

function focusOn(target: EventTarget | null) {
  if (target instanceof HTMLElement && !target.matches(":focus")) target.focus({ preventScroll: true })
}

/** Makes menus of the page's elements of this name, if they are none yet. */
export function defineMenu() {
  if (!customElements.get("codraft-menu")) customElements.define("codraft-menu", CodraftMenu)
}
