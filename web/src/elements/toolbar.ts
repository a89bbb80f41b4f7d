/**
 * The buttons that format: above the text, or above the keyboard of a phone.
 * Knows the actions it shows and which of them are on; it knows no text.
 */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit"
import type { Action } from "../actions"
import { tables, formats as words } from "../messages/format"
import { ariaKeys, keysShown } from "../page/key-names"
import { controls } from "./controls"
import { GROUPED, ICONS } from "./toolbar-icons"
import { stepIn, toolbarStyles } from "./toolbar-styles"

/** `<codraft-toolbar>`: give it `actions`; tell it when what is on may have changed. */
export class CodraftToolbar extends LitElement {
  static override properties = {
    actions: { attribute: false },
    on: { state: true },
    offered: { state: true },
    level: { attribute: false },
    current: { state: true },
  }

  /** What the buttons do, by id. */
  declare actions: ReadonlyMap<string, Action>
  /** The level of the heading the cursor is in. */
  declare level: number
  declare private on: string
  declare private offered: string
  /** The one button that Tab leads to. */
  declare private current: string
  /** Called when somebody is done here and wants to write on. */
  onLeave = () => {}

  constructor() {
    super()
    this.actions = new Map()
    this.level = 0
    this.on = ""
    this.offered = ""
    this.current = "format.heading"
  }

  static override styles = [controls, toolbarStyles]

  /** Looks again which formats are on, and which can be had. */
  look(level: number) {
    this.level = level
    let all = [...this.actions.values()]
    this.on = all
      .filter(action => action.isOn?.())
      .map(action => action.id)
      .join(" ")
    this.offered = all
      .filter(action => action.isOffered?.() ?? true)
      .map(action => action.id)
      .join(" ")
  }

  /** Puts the focus on the buttons. */
  override focus() {
    this.buttons.find(button => button.tabIndex === 0)?.focus()
  }

  protected override render() {
    return html`
      <div class="bar" role="toolbar" aria-label=${words.toolbar} @keydown=${this.pressed} @mousedown=${keepFocus}>
        ${GROUPED.map(ids => html`<div class="group ${ids.includes("edit.undo") ? "fingers" : ""}" role="presentation">${ids.map(id => this.button(id))}</div>`)}
      </div>
      ${this.tableMenu()}
    `
  }

  private button(id: string): TemplateResult | typeof nothing {
    if (id === "format.table" && this.isInTable) return this.tableButton()
    let action = this.actions.get(id)
    if (!action) return nothing
    let on = action.isOn ? this.has(this.on, id) : undefined
    let keys = action.keys ? ` (${keysShown(action.keys)})` : ""
    let name = id === "format.heading" && this.level ? words.level(this.level) : action.title
    return html`
      <button
        type="button"
        class="tool"
        data-id=${id}
        tabindex=${this.current === id ? 0 : -1}
        aria-label=${name}
        title=${name + keys}
        aria-pressed=${on === undefined ? nothing : String(on)}
        aria-keyshortcuts=${action.keys ? ariaKeys(action.keys) : nothing}
        aria-disabled=${this.has(this.offered, id) ? nothing : "true"}
        @focus=${() => this.reached(id)}
        @click=${() => this.has(this.offered, id) && action.run()}
      >
        ${this.face(id)}
      </button>
    `
  }

  private face(id: string): TemplateResult {
    if (id === "format.heading" && this.level)
      return html`<span class="level" aria-hidden="true">H${this.level}</span>`
    return iconOf(id)
  }

  /** In a table, its button leads to what can be done with it. */
  private tableButton(): TemplateResult {
    let id = "format.table"
    return html`
      <button
        type="button"
        class="tool"
        data-id=${id}
        tabindex=${this.current === id ? 0 : -1}
        aria-label=${tables.menu}
        title=${tables.menu}
        aria-haspopup="menu"
        popovertarget="table"
        @focus=${() => this.reached(id)}
      >
        ${iconOf(id)}<svg class="more" viewBox="0 0 8 8" aria-hidden="true"><path d="M1 2.5l3 3l3-3" /></svg>
      </button>
    `
  }

  private tableMenu(): TemplateResult {
    let items = [...this.actions.values()].filter(({ id }) => id.startsWith("format.table."))
    return html`
      <div id="table" class="menu" role="menu" popover aria-label=${tables.menu} @beforetoggle=${this.place} @toggle=${this.opened} @keydown=${this.pressedInMenu}>
        ${items.map(
          ({ id, title, run }) => html`
            <button type="button" class="item" role="menuitem" tabindex="-1" data-id=${id} @mousedown=${keepFocus} @click=${() => this.choose(run)}>
              ${iconOf(id)}<span>${title}</span>
            </button>
          `,
        )}
      </div>
    `
  }

  private choose(run: () => void) {
    this.menu.hidePopover()
    run()
  }

  private readonly place = ({ newState }: ToggleEvent) => {
    let button = this.buttons.find(({ dataset }) => dataset.id === "format.table")
    if (newState !== "open" || !button) return
    let { left, top, bottom } = button.getBoundingClientRect()
    let { style } = this.menu
    let isLow = top > innerHeight / 2
    style.setProperty("left", `${Math.max(8, Math.min(left, innerWidth - 232))}px`)
    style.setProperty("top", isLow ? "auto" : `${bottom + 4}px`)
    style.setProperty("bottom", isLow ? `${innerHeight - top + 4}px` : "auto")
  }

  private readonly opened = ({ newState }: ToggleEvent) => {
    // With a finger or a mouse the text keeps the focus, and a phone its keyboard.
    let isByKey = this.shadowRoot?.activeElement?.matches(":focus-visible")
    if (newState === "open" && isByKey) this.items[0]?.focus()
  }

  private readonly pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape") return this.onLeave()
    let at = this.buttons.indexOf(this.shadowRoot?.activeElement as HTMLElement)
    let next = stepIn(event.key, at, this.buttons.length, ["ArrowLeft", "ArrowRight"])
    if (next === undefined) return
    event.preventDefault()
    this.buttons[next]?.focus()
  }

  private readonly pressedInMenu = (event: KeyboardEvent) => {
    let at = this.items.indexOf(this.shadowRoot?.activeElement as HTMLElement)
    let next = stepIn(event.key, at, this.items.length, ["ArrowUp", "ArrowDown"])
    if (event.key === "Tab") this.menu.hidePopover()
    if (next === undefined) return
    event.preventDefault()
    this.items[next]?.focus()
  }

  private reached(id: string) {
    this.current = id
  }

  private has(list: string, id: string): boolean {
    return list.split(" ").includes(id)
  }

  private get isInTable(): boolean {
    return this.has(this.offered, "format.table.tidy")
  }

  private get menu(): HTMLElement {
    return this.renderRoot.querySelector("#table") as HTMLElement
  }

  private get buttons(): readonly HTMLElement[] {
    // Some are there for fingers only.
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".tool")].filter(button => button.offsetParent)
  }

  private get items(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".item")]
  }
}

function iconOf(id: string): TemplateResult {
  let paths = ICONS[id] ?? []
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${paths.map(d => svg`<path d=${d} />`)}</svg>`
}

/** A press leaves the focus, and a phone's keyboard, in the text. */
function keepFocus(event: Event) {
  event.preventDefault()
}

if (!customElements.get("codraft-toolbar")) customElements.define("codraft-toolbar", CodraftToolbar)
