/**
 * What an element is made from, also where there are no elements: a server imports the package and renders the tag alone.
 * Knows no element.
 */

/** `HTMLElement`, or nothing much. */
export const BaseElement: typeof HTMLElement =
  globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement)

/** Makes a tag known, unless it is known already. */
export function define(tag: string, element: CustomElementConstructor) {
  if (globalThis.customElements && !customElements.get(tag)) customElements.define(tag, element)
}

/** Gives an element's root its look, past any policy on styles. */
export function dress(root: ShadowRoot | Document, sheet: CSSStyleSheet) {
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}

/** A style sheet, made when it is first wanted: there are none on a server. */
export function sheetOf(css: () => string): () => CSSStyleSheet {
  let sheet: CSSStyleSheet | null = null
  return () => {
    if (sheet) return sheet
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css())
    return sheet
  }
}
