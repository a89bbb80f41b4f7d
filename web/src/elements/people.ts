/**
 * Who is here, as round initials: oneself first, then the others, then how many more; and everybody in a list, with what
 * they do.
 * Knows no text and no replica: it is given people, and says by events what is wanted of them.
 */
import { html, LitElement, nothing, type PropertyValues } from "lit"
import { repeat } from "lit/directives/repeat.js"
import { messages } from "../messages"
import { words } from "../messages/together"
import { initials, type Participant } from "../together/company"
import { coloured } from "./coloured"
import { peopleStyles } from "./people-styles"

/** As many of the others as fit beside the name of a document, and on a phone. */
const MAX_SHOWN = 4
const MAX_SHOWN_NARROW = 1
/** With more people than this the list has a field to look for one. */
const MANY = 8
const narrow = matchMedia("(max-width: 34rem)")

/** The person at this page, as the others see them. */
interface Self {
  readonly id: string
  readonly name: string
  readonly color: string
}

/** What is wanted, as the `detail` of the event `codraft-person`. */
export interface Wish {
  readonly do: "show" | "follow" | "stop" | "ask" | "announce"
  /** Of whom. */
  readonly key?: string
}

/** The element `codraft-people`. */
export class CodraftPeople extends LitElement {
  static override styles = peopleStyles
  static override properties = {
    own: { attribute: false },
    others: { attribute: false },
    following: { type: String },
    mayAsk: { type: Boolean },
    announces: { type: Boolean },
    canAnnounce: { type: Boolean },
    mayFollow: { type: Boolean },
    profile: { attribute: false },
    isOpen: { state: true },
    wanted: { state: true },
  }

  declare own: Self | null
  declare others: readonly Participant[]
  /** The key of whom this person follows. */
  declare following: string
  /** Whether this person may ask everyone to look somewhere. */
  declare mayAsk: boolean
  /** Whether it is said who comes and goes. */
  declare announces: boolean
  /** Whether that can be chosen here. */
  declare canAnnounce: boolean
  /** Whether there is a text in which somebody can be followed. */
  declare mayFollow: boolean
  /** The popover in which one's own name is changed. */
  declare profile: HTMLElement | null
  declare private isOpen: boolean
  declare private wanted: string

  private readonly resized = () => this.requestUpdate()

  constructor() {
    super()
    this.own = null
    this.others = []
    this.following = ""
    this.mayAsk = this.announces = this.isOpen = false
    this.canAnnounce = this.mayFollow = true
    this.profile = null
    this.wanted = ""
  }

  override connectedCallback() {
    super.connectedCallback()
    narrow.addEventListener("change", this.resized)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    narrow.removeEventListener("change", this.resized)
  }

  /** Opens the list of everybody. */
  showEverybody() {
    this.list?.showPopover()
  }

  override render() {
    let { own, others } = this
    if (!own) return nothing
    let room = narrow.matches ? MAX_SHOWN_NARROW : MAX_SHOWN
    let shown = others.length > room ? others.slice(0, room - (narrow.matches ? 1 : 0)) : others
    return html`
      <ul class="faces" aria-label=${messages.people.list}>
        <li data-peer=${own.id}>
          <button
            id="own-avatar" type="button" class="avatar" title=${words.named(own.name)} aria-label=${words.yourself(own.name)}
            .popoverTargetElement=${this.profile} ${coloured(own.color)}
          ><span aria-hidden="true">${initials(own.name)}</span></button>
        </li>
        ${repeat(
          shown,
          ({ key }) => key,
          who => this.face(who),
        )}
        <li>${this.moreButton(others.length, others.length - shown.length)}</li>
      </ul>
      <div id="everybody" popover role="dialog" aria-label=${messages.people.list} @beforetoggle=${this.toggled}>
        ${this.isOpen ? this.everybody() : nothing}
      </div>
    `
  }

  private face(who: Participant) {
    let { key, name, color, doing } = who
    return html`
      <li data-peer=${key} data-doing=${doing} class=${this.classOf(who)}>
        <button
          type="button" class="avatar" title=${name} aria-label=${words.show(name)} ${coloured(color)}
          @click=${() => this.wish({ do: "show", key })}
          @dblclick=${() => this.wish({ do: "follow", key })}
        ><span aria-hidden="true">${who.initials}</span>${doing === "typing" ? html`<span class="dot"></span>` : nothing}</button>
      </li>
    `
  }

  private moreButton(all: number, more: number) {
    let label = more ? words.more(more) : words.everyone(all)
    let people = html`<svg viewBox="0 0 20 20" aria-hidden="true">
      <path d="M7.5 9.5a2.75 2.75 0 1 0 0-5.5a2.75 2.75 0 1 0 0 5.5ZM2.5 16c.3-3 2.2-4.5 5-4.5s4.7 1.5 5 4.5M13 4.3a2.6 2.6 0 0 1 0 5M14.6 11.8c1.7.6 2.7 2 2.9 4.2" />
    </svg>`
    return html`<button
      type="button" class="avatar more" title=${label} aria-label=${label} popovertarget="everybody"
    >${more ? html`<span aria-hidden="true">+${more}</span>` : people}</button>`
  }

  private everybody() {
    let wanted = this.wanted.trim().toLocaleLowerCase()
    let found = this.others.filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
    return html`
      <h2>${words.others}</h2>
      ${this.others.length > MANY ? this.finder() : nothing}
      <ul id="others" class="others">
        ${repeat(
          found,
          ({ key }) => key,
          who => this.row(who),
        )}
        ${found.length ? nothing : html`<li class="soft empty">${wanted ? words.nobodyFound : words.alone}</li>`}
      </ul>
      ${this.mayAsk || this.canAnnounce ? this.footer() : nothing}
    `
  }

  private footer() {
    let announcing = html`<label>
      <input type="checkbox" .checked=${this.announces} @change=${() => this.wish({ do: "announce" })} />
      ${words.announce}
    </label>`
    return html`<footer>
      ${this.mayAsk && this.others.length ? this.askButton() : nothing}
      ${this.canAnnounce ? announcing : nothing}
    </footer>`
  }

  private finder() {
    return html`<label class="find">
      <span class="unseen">${words.find}</span>
      <input
        type="search" autocomplete="off" spellcheck="false" placeholder=${words.find} .value=${this.wanted}
        @input=${(event: Event) => {
          this.wanted = (event.target as HTMLInputElement).value
        }}
      />
    </label>`
  }

  private row(who: Participant) {
    let { key, name, color } = who
    let isFollowed = key === this.following
    let button = isFollowed ? words.stop : words.follow
    let label = isFollowed ? words.stopPerson(name) : words.followPerson(name)
    let choose = () => this.choose({ do: isFollowed ? "stop" : "follow", key })
    return html`
      <li data-key=${key} data-doing=${who.doing} class=${this.classOf(who)} ${coloured(color)}>
        <button type="button" class="row" title=${words.show(name)} @click=${() => this.choose({ do: "show", key })}>
          <span class="avatar small" aria-hidden="true">${who.initials}</span>
          <span class="who"><span class="name">${name}</span><span class="soft">${this.deeds(who)}</span></span>
        </button>
        ${this.mayFollow ? html`<button type="button" class="follow" aria-label=${label} @click=${choose}>${button}</button>` : nothing}
      </li>
    `
  }

  private askButton() {
    return html`<button type="button" class="follow" @click=${() => this.choose({ do: "ask" })}>${words.bring}</button>`
  }

  private deeds({ doing, reader, follows }: Participant): string {
    let deeds = [words.doing[doing]]
    if (reader && doing !== "reading") deeds.push(words.reader)
    if (this.own && follows === this.own.id) deeds.push(words.followsYou)
    return deeds.join(" · ")
  }

  private classOf({ key, doing }: Participant): string {
    return `${key === this.following ? "followed" : ""} ${doing === "typing" ? "typing" : ""}`.trim()
  }

  private toggled(event: ToggleEvent) {
    this.isOpen = event.newState === "open"
    this.wanted = ""
  }

  protected override updated(changes: PropertyValues<this>) {
    if (!changes.has("isOpen" as never) || !this.isOpen) return
    this.list?.querySelector<HTMLElement>("input, .row, footer button")?.focus()
  }

  private get list(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>("#everybody")
  }

  private choose(wish: Wish) {
    this.list?.hidePopover()
    this.wish(wish)
  }

  private wish(detail: Wish) {
    this.dispatchEvent(new CustomEvent<Wish>("codraft-person", { detail }))
  }
}

/** Makes the tag known. */
export function definePeople() {
  if (!customElements.get("codraft-people")) customElements.define("codraft-people", CodraftPeople)
}
