/**
 * The element that shows a text as it reads: a scrolling pane with an article in it, and a word when there is nothing to show.
 * Knows its look and what is clicked; what it shows is put into `article` by others.
 */
import { css, html, LitElement, unsafeCSS } from "lit"
import { messages } from "../messages/preview"
import { PAPER, PROSE, TOKENS } from "../preview/prose"

const own = css`
  :host {
    display: block;
    min-width: 0;
    min-height: 0;
  }

  .pane {
    height: 100%;
    overflow: hidden auto;
    overscroll-behavior: contain;
    outline: none;
  }

  .pane:focus-visible {
    box-shadow: inset 0 0 0 2px var(--accent);
  }

  .prose {
    max-width: var(--text-width, 46rem);
    margin: 0 auto;
    padding: clamp(1.25rem, 5vh, 3.5rem) 1.5rem var(--text-end, 45vh);
  }

  .prose:empty {
    display: none;
  }

  .many > .part {
    content-visibility: auto;
  }

  .word {
    max-width: var(--text-width, 46rem);
    margin: 0 auto;
    padding: clamp(1.25rem, 5vh, 3.5rem) 1.5rem;
    color: var(--ink-soft);
    font: 1rem/1.6 var(--ui);
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .anchor.anchor {
    position: absolute;
    inset-inline-end: 100%;
    padding-inline-end: 0.3em;
    color: var(--ink-soft);
    font-weight: 400;
    text-decoration: none;
    opacity: 0;
  }

  :is(h1, h2, h3, h4, h5, h6):hover > .anchor {
    opacity: 0.7;
  }

  .code {
    position: relative;
  }

  .code-bar {
    position: absolute;
    inset: 0.4rem 0.45rem auto auto;
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding-inline-start: 0.5rem;
    border-radius: 7px;
    background: var(--surface);
    color: var(--ink-soft);
    font: 0.75rem/1.4 var(--ui);
    opacity: 0;
  }

  .code:is(:hover, :focus-within) .code-bar {
    opacity: 1;
  }

  @media (hover: none) {
    .code-bar {
      opacity: 1;
    }

    .code-lang {
      display: none;
    }
  }

  .copy {
    min-width: 3.4rem;
    min-height: 1.75rem;
    padding: 0 0.6rem;
    border: 1px solid var(--line-strong);
    border-radius: 7px;
    background: var(--surface);
    color: var(--ink);
    font: inherit;
    cursor: pointer;
  }

  .copy:hover {
    background: linear-gradient(var(--hover), var(--hover)) var(--surface);
  }

  .diagram[data-state="waiting"]::before {
    content: attr(data-waits);
    display: block;
    color: var(--ink-soft);
    font: 0.8125rem/1.6 var(--ui);
    text-align: start;
  }

  .arrived {
    animation: arrive 1.4s ease-out;
  }

  @keyframes arrive {
    from {
      background-color: var(--match);
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    .code-bar,
    .anchor {
      transition: opacity 120ms;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .arrived {
      animation-timing-function: step-end;
    }
  }

  @media (max-width: 34rem) {
    .prose {
      padding-inline: 1.125rem;
    }
  }

  @media (forced-colors: active) {
    .prose .task > input {
      appearance: auto;
    }

    .prose .task > input:checked::after {
      content: none;
    }
  }

  @media print {
    .pane {
      height: auto;
      overflow: visible;
    }

    .many > .part {
      content-visibility: visible;
    }

    .word {
      display: none;
    }
  }
`

/** What people do in the pane. */
export interface PreviewEvents {
  /** A box was clicked, which shows already what it should become. */
  onTask(box: HTMLInputElement): void
  /** A place in the text was clicked. */
  onPlace(event: MouseEvent): void
  /** A link within the text was followed. */
  onAnchor(id: string): void
  /** Code is to be copied; says whether that worked. */
  onCopy(code: string): Promise<boolean>
}

/** `<codraft-preview>`. */
export class CodraftPreview extends LitElement {
  static override properties = { label: {}, word: {}, alone: { type: Boolean } }
  static override styles = [
    unsafeCSS(PROSE),
    unsafeCSS(`:host { ${TOKENS} }`),
    own,
    unsafeCSS(`@media print { ${PAPER} }`),
  ]

  /** What the text is called, for screen readers. */
  declare label: string
  /** What is said in the place of a text. */
  declare word: string
  /** Whether there is no editor beside it. */
  declare alone: boolean
  events: PreviewEvents | null = null

  /** Where the text is. Nothing of it is Lit's. */
  readonly article = document.createElement("article")

  constructor() {
    super()
    this.label = ""
    this.word = messages.loading
    this.alone = false
    this.article.className = "prose"
    this.article.addEventListener("click", event => this.clicked(event))
  }

  /** What scrolls. */
  get pane(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(".pane") ?? this
  }

  /** Goes where a link within the text leads; false if there is no such place. */
  goTo(id: string): boolean {
    let target = id && [...this.article.querySelectorAll("[id]")].find(element => element.id === id)
    if (!(target instanceof HTMLElement)) return false
    target.scrollIntoView({ block: "start" })
    target.tabIndex = -1
    target.focus({ preventScroll: true })
    target.classList.add("arrived")
    target.addEventListener("animationend", () => target.classList.remove("arrived"), { once: true })
    return true
  }

  override render() {
    return html`<div class="pane" tabindex="0" role=${this.alone ? "main" : "region"} aria-label=${this.label}>
      ${this.article}
      <p class="word" role="status" ?hidden=${!this.word}>${this.word}</p>
    </div>`
  }

  private clicked(event: MouseEvent) {
    let { target } = event
    if (!(target instanceof Element)) return
    if (target instanceof HTMLInputElement) return this.events?.onTask(target)
    let copy = target.closest<HTMLElement>(".copy")
    if (copy) return this.copy(copy)
    let link = target.closest("a")
    let href = link?.getAttribute("href") ?? ""
    if (!link) return this.events?.onPlace(event)
    if (!href.startsWith("#")) return
    event.preventDefault()
    this.events?.onAnchor(decoded(href.slice(1)))
  }

  private async copy(button: HTMLElement) {
    let code = button.closest(".code")?.querySelector("code")?.textContent ?? ""
    let isCopied = await this.events?.onCopy(code)
    button.textContent = isCopied ? messages.copied : messages.copyFailed
    setTimeout(() => {
      button.textContent = messages.copy
    }, FEEDBACK_MS)
  }
}

const FEEDBACK_MS = 2_000

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

if (!customElements.get("codraft-preview")) customElements.define("codraft-preview", CodraftPreview)
