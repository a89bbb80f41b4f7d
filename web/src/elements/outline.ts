/**
 * The headings of a text as a tree beside it, the one that is being read marked.
 * Knows no text: it shows the sections it is given, and says which one somebody wants to see.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit"
import { repeat } from "lit/directives/repeat.js"
import type { Section } from "../editor/sections"
import { outline as words } from "../messages/format"
import { controls } from "./controls"
import { outlineStyles } from "./outline-styles"
import { type Entry, entriesOf } from "./outline-tree"

/** `<codraft-outline>`: give it `sections` and `current`, the index of the one that is being read. */
export class CodraftOutline extends LitElement {
  static override properties = {
    sections: { attribute: false },
    current: { attribute: false },
    canClose: { type: Boolean },
    folded: { state: true },
    active: { state: true },
  }

  declare sections: readonly Section[]
  declare current: number
  /** Whether it has a button that closes it. */
  declare canClose: boolean
  /** Headings whose parts are hidden, by level and words. */
  declare private folded: ReadonlySet<string>
  /** The index of the item that Tab leads to; -1 for the current one. */
  declare private active: number
  /** Called with the index of a section that is wanted; `stays` when somebody only looks on. */
  onChoose: (index: number) => void = () => {}
  onClose = () => {}

  constructor() {
    super()
    this.sections = []
    this.current = -1
    this.canClose = true
    this.folded = new Set()
    this.active = -1
  }

  static override styles = [controls, outlineStyles]

  /** Puts the focus on the heading that is being read. */
  override async focus() {
    await this.updateComplete
    let item = this.renderRoot.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')
    ;(item ?? this.renderRoot.querySelector<HTMLElement>(".close"))?.focus()
  }

  protected override render() {
    let entries = entriesOf(this.sections, this.folded)
    return html`
      <header>
        <h2 id="title">${words.title}</h2>
        ${this.canClose ? this.closeButton() : nothing}
      </header>
      ${entries.length ? this.tree(entries) : html`<p class="empty">${words.empty}</p>`}
    `
  }

  protected override updated() {
    let current = this.renderRoot.querySelector('[aria-current="true"]')
    if (!this.renderRoot.querySelector(":focus")) current?.scrollIntoView({ block: "nearest" })
  }

  private closeButton(): TemplateResult {
    return html`
      <button type="button" class="button quiet close" aria-label=${words.close} title=${words.close} @click=${() => this.onClose()}>
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M5.5 5.5l9 9M14.5 5.5l-9 9" /></svg>
      </button>
    `
  }

  private tree(entries: readonly Entry[]): TemplateResult {
    let shown = this.shownCurrent(entries)
    let reachable = entries.some(entry => entry.index === this.active)
      ? this.active
      : shown >= 0
        ? shown
        : entries[0]?.index
    return html`
      <div role="tree" aria-labelledby="title" @keydown=${(event: KeyboardEvent) => this.pressed(event, entries)}>
        ${repeat(
          entries,
          entry => entry.key,
          entry => this.item(entry, entry.index === shown, entry.index === reachable),
        )}
      </div>
    `
  }

  /** Where the current heading is folded away, the one that hides it stands for it. */
  private shownCurrent(entries: readonly Entry[]): number {
    return entries.findLast(entry => entry.index <= this.current)?.index ?? -1
  }

  private item(
    { index, depth, section, isOpen, size, place }: Entry,
    isCurrent: boolean,
    isReachable: boolean,
  ): TemplateResult {
    return html`
      <div
        role="treeitem"
        class="item depth${Math.min(depth, 6)}"
        dir="auto"
        tabindex=${isReachable ? 0 : -1}
        data-index=${index}
        aria-level=${depth}
        aria-setsize=${size}
        aria-posinset=${place}
        aria-expanded=${isOpen === null ? nothing : String(isOpen)}
        aria-current=${isCurrent ? "true" : nothing}
        aria-selected=${isCurrent ? "true" : "false"}
        @click=${() => this.choose(index)}
        @focus=${() => this.reached(index)}
      >
        ${isOpen === null ? html`<span class="fold"></span>` : this.foldButton(section, isOpen)}
        <span class="words">${section.title || words.untitled}</span>
      </div>
    `
  }

  private foldButton(section: Section, isOpen: boolean): TemplateResult {
    let click = (event: Event) => {
      event.stopPropagation()
      this.fold(section, isOpen)
    }
    return html`<span class="fold ${isOpen ? "open" : ""}" aria-hidden="true" @click=${click}>
      <svg viewBox="0 0 8 8"><path d="M2.5 1l3 3l-3 3" /></svg>
    </span>`
  }

  private fold(section: Section, isFolded: boolean) {
    let folded = new Set(this.folded)
    let key = keyOf(section)
    if (isFolded) folded.add(key)
    else folded.delete(key)
    this.folded = folded
  }

  private choose(index: number) {
    this.active = -1
    this.onChoose(index)
  }

  private reached(index: number) {
    this.active = index
  }

  private pressed(event: KeyboardEvent, entries: readonly Entry[]) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    let at = entries.findIndex(entry => entry.index === Number((event.target as HTMLElement).dataset.index))
    let entry = entries[at]
    if (!entry) return
    let next = this.keyed(event.key, at, entry, entries)
    if (next === undefined) return
    event.preventDefault()
    if (next !== null) void this.reach(entries[next]?.index)
  }

  /** What a key does: the place of the entry it leads to, null when it stays, undefined when it is not for a tree. */
  private keyed(key: string, at: number, entry: Entry, entries: readonly Entry[]): number | null | undefined {
    let { section, isOpen, depth, index } = entry
    if (key === "Enter" || key === " ") this.choose(index)
    else if (key === "Escape") this.onClose()
    else if (key === "ArrowDown") return Math.min(at + 1, entries.length - 1)
    else if (key === "ArrowUp") return Math.max(at - 1, 0)
    else if (key === "Home") return 0
    else if (key === "End") return entries.length - 1
    else if (key === "ArrowRight" && isOpen === true) return at + 1
    else if (key === "ArrowRight" && isOpen === false) this.fold(section, false)
    else if (key === "ArrowLeft" && isOpen) this.fold(section, true)
    else if (key === "ArrowLeft") return entries.findLastIndex((other, i) => i < at && other.depth < depth)
    else return this.startingWith(key, at, entries)
    return null
  }

  private startingWith(letter: string, at: number, entries: readonly Entry[]): number | undefined {
    if ([...letter].length !== 1) return undefined
    let order = entries.map((_, i) => (at + 1 + i) % entries.length)
    return order.find(i => entries[i]?.section.title.toLowerCase().startsWith(letter.toLowerCase()))
  }

  private async reach(index: number | undefined) {
    if (index === undefined) return
    this.active = index
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus()
  }
}

function keyOf({ level, title }: Section): string {
  return `${level} ${title}`
}
