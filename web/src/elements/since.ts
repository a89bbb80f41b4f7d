/**
 * The line that says how much has changed since somebody was here, and leads them through it.
 * Knows the editor's view; when somebody comes back is noticed elsewhere.
 */
import { EditorView } from "@codemirror/view"
import { css, html, LitElement } from "lit"
import { dropNews, isNewsShown, linesOf, type Novelty, newsOf, showNews } from "../editor/news"
import { since } from "../messages/since"
import { byId } from "../page/dom"
import { ago } from "../page/time"

const TAG = "codraft-since"

/** Says what has changed in the text of `view` since then, instead of what it said before. */
export function tellSince(view: EditorView, seenAt: number) {
  document.querySelector(TAG)?.remove()
  let line = new CodraftSince(view, seenAt)
  byId("notice", HTMLElement).before(line)
}

/** `<codraft-since>` */
export class CodraftSince extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.25rem 1rem;
      padding: 0.375rem 1rem;
      border-bottom: 1px solid var(--line);
      background: color-mix(in srgb, var(--accent) 7%, var(--surface));
      font-size: 0.8125rem;
    }
    p {
      flex: 1 1 14rem;
      margin: 0;
    }
    div {
      display: flex;
      gap: 1rem;
    }
    button {
      min-height: 1.75rem;
      padding: 0 0.25rem;
      border: 0;
      border-radius: 3px;
      background: none;
      color: var(--accent);
      font: inherit;
      font-weight: 550;
      cursor: pointer;
    }
    button:hover {
      text-decoration: underline;
    }
    button:focus-visible {
      outline: 2px solid var(--accent);
    }
    @media (pointer: coarse) {
      button {
        min-height: 2.25rem;
      }
    }
  `

  private isShown = false

  constructor(
    private readonly view: EditorView,
    private readonly seenAt: number,
  ) {
    super()
  }

  override connectedCallback() {
    super.connectedCallback()
    this.role = "region"
    this.ariaLabel = since.label
    // Escape in the text takes the marks away, and with them what leads from one to the next.
    this.view.dom.addEventListener("keydown", this.left)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.view.dom.removeEventListener("keydown", this.left)
  }

  override render() {
    let words = since.changed(this.lines, ago(this.seenAt, Date.now(), document.documentElement.lang))
    let buttons = this.isShown
      ? html`<button type="button" @click=${() => this.go(-1)}>${since.previous}</button>
          <button type="button" @click=${() => this.go(1)}>${since.next}</button>
          <button type="button" @click=${this.end}>${since.done}</button>`
      : html`<button type="button" @click=${this.show}>${since.show}</button>
          <button type="button" @click=${this.end}>${since.dismiss}</button>`
    return html`<p role="status">${words}</p>
      <div>${buttons}</div>`
  }

  private get lines(): number {
    return linesOf(newsOf(this.view.state), this.view.state.doc).size
  }

  private readonly show = () => {
    this.isShown = true
    let [first] = newsOf(this.view.state)
    this.view.dispatch({ effects: showNews.of(null) })
    if (first) this.reveal(first)
    this.requestUpdate()
  }

  /** To the next piece behind the cursor, or the one before it, and around. */
  private go(direction: 1 | -1) {
    let all = newsOf(this.view.state)
    let { head } = this.view.state.selection.main
    let next =
      direction > 0
        ? (all.find(({ from }) => from > head) ?? all[0])
        : (all.findLast(({ from }) => from < head) ?? all.at(-1))
    if (next) this.reveal(next)
  }

  private reveal({ from }: Novelty) {
    this.view.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    })
  }

  private readonly left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return
    setTimeout(() => {
      if (this.isShown && !isNewsShown(this.view)) this.end()
    })
  }

  private readonly end = () => {
    this.view.dispatch({ effects: dropNews.of(null) })
    this.remove()
    this.view.focus()
  }
}

customElements.define(TAG, CodraftSince)
