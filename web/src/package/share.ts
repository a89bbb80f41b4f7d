/**
 * A button that copies the address under which others find the document: `codraft-share`.
 * Knows an address, and nobody's rights: who may open it is the app's business, or the server's.
 */
import { messages } from "../messages"
import { copyText } from "../page/copy"
import { BaseElement, dress, sheetOf } from "./base"
import { tokens } from "./tokens"

const FEEDBACK_MS = 2_000

/**
 * Copies an address, or hands it to what the device shares with.
 *
 * @tag codraft-share
 * @attr {string} url - The address. Defaults to the page's own.
 * @fires {CustomEvent<{ url: string }>} codraft-share - It was copied or handed on.
 * @csspart button - The button.
 */
export class CodraftShare extends BaseElement {
  #timer = 0

  connectedCallback() {
    if (this.shadowRoot) return
    let root = this.attachShadow({ mode: "open", delegatesFocus: true })
    dress(root, look())
    let button = document.createElement("button")
    button.type = "button"
    button.part.add("button")
    button.textContent = messages.share.copy
    // Its words change when it was pressed, and that is to be heard.
    button.ariaLive = "polite"
    button.addEventListener("click", () => void this.#share(button))
    root.append(button)
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  async #share(button: HTMLButtonElement) {
    let url = new URL(this.getAttribute("url") || location.href, document.baseURI).href
    let isDone = (await handOn(url)) || (await copyText(url))
    button.textContent = isDone ? messages.share.copied : url
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => {
      button.textContent = messages.share.copy
    }, FEEDBACK_MS)
    if (isDone)
      this.dispatchEvent(new CustomEvent("codraft-share", { bubbles: true, composed: true, detail: { url } }))
  }
}

/** A phone has its own way of sharing; elsewhere a copy is what people expect. */
async function handOn(url: string): Promise<boolean> {
  if (!matchMedia("(pointer: coarse)").matches || !navigator.share) return false
  try {
    await navigator.share({ url })
    return true
  } catch {
    return false
  }
}

const look = sheetOf(
  () => `
:host { ${tokens} display: inline-block; }
:host([hidden]) { display: none; }
button {
  min-height: 2.25rem;
  padding: 0 0.75rem;
  overflow: hidden;
  border: 1px solid var(--line-strong);
  border-radius: 8px;
  background: var(--surface);
  color: var(--ink);
  font: 500 0.875rem/1.4 var(--ui);
  text-overflow: ellipsis;
  white-space: nowrap;
  max-width: 100%;
  cursor: pointer;
}
button:hover { background: linear-gradient(var(--hover), var(--hover)) var(--surface); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`,
)
