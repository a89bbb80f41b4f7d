/**
 * The few lines of page building that every part needs.
 * Knows no part of the page.
 */

/** The element the page's HTML promises under this id. */
export function byId<T extends HTMLElement>(id: string, kind: { new (): T }): T {
  let element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`the page has no #${id} of the expected kind`)
  return element
}

/** A new element with a class and a text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  let made = document.createElement(tag)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

/** A new line icon: `paths` are drawn in a box of 20 by 20. */
export function icon(...paths: string[]): SVGSVGElement {
  let svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 20 20")
  svg.setAttribute("aria-hidden", "true")
  svg.classList.add("icon")
  for (let d of paths) {
    let path = document.createElementNS("http://www.w3.org/2000/svg", "path")
    path.setAttribute("d", d)
    svg.append(path)
  }
  return svg
}

/** What has the focus, through every shadow. */
export function deepFocus(): HTMLElement | null {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at instanceof HTMLElement ? at : null
}
