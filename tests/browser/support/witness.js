// Runs in every page before its own scripts. It sees what the page shows and holds, and records what a person or a
// security policy would have noticed meanwhile; it changes nothing.
window.witness = {
  /** Every state the status line has shown, with when: `{ at, state, text }`. */
  states: [],
  /** What the content security policy has stopped. */
  violations: [],

  /** CodeMirror's view of the editor. */
  view() {
    let content = document.getElementById("editor")?.shadowRoot?.querySelector(".cm-content")
    return content?.cmTile?.root?.view
  },

  /** The whole text the editor holds, whatever part of it is drawn. */
  text() {
    return this.view()?.state.doc.toString()
  },

  /** The lines on the screen. */
  lines() {
    let root = document.getElementById("editor").shadowRoot
    return [...root.querySelectorAll(".cm-line")].map(line => line.textContent)
  },

  /** Whether a line with exactly these words is on the screen, and not scrolled out of sight. */
  showsLine(words) {
    let root = document.getElementById("editor").shadowRoot
    let seen = root.querySelector(".cm-scroller").getBoundingClientRect()
    return [...root.querySelectorAll(".cm-line")].some(line => {
      let { top, bottom } = line.getBoundingClientRect()
      let middle = (top + bottom) / 2
      return line.textContent === words && seen.top < middle && middle < seen.bottom
    })
  },

  /** The faces in the header, as elements: one's own first, then the others, as far as there is room. */
  faces() {
    return [...(document.getElementById("people")?.shadowRoot?.querySelectorAll("[data-peer] button") ?? [])]
  },

  /** The names of the others whose faces are in the header. */
  others() {
    let others = this.faces().filter(({ id }) => id !== "own-avatar")
    return others.map(({ title }) => title).sort()
  },

  /** What has the focus, in whichever shadow it lies. */
  focused() {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    return at
  },

  state() {
    return document.getElementById("status")?.dataset.state
  },

  /** Resolves when everything the page had planned for the next frame is on the screen. */
  frame() {
    return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
  },

  note(status) {
    this.states.push({ at: performance.now(), state: status.dataset.state, text: status.textContent })
  },
}

document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
  window.witness.violations.push(`${violatedDirective} ${blockedURI} in ${sourceFile}`)
})

document.addEventListener("DOMContentLoaded", () => {
  let status = document.getElementById("status")
  if (!status) return
  let { witness } = window
  witness.note(status)
  let shown = { attributes: true, attributeFilter: ["data-state"], childList: true, characterData: true }
  new MutationObserver(() => witness.note(status)).observe(status, shown)
})
