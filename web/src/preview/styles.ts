/**
 * The few styles that formulas bring along, checked: their values come from what somebody has typed.
 * Knows no element.
 */

const ALLOWED = new Set([
  ..."color background-color display width height min-width max-width vertical-align text-align".split(" "),
  ..."padding padding-left padding-right padding-top padding-bottom margin margin-left margin-right".split(
    " ",
  ),
  ..."border border-top border-bottom border-left border-right border-collapse border-color".split(" "),
  ..."math-depth math-style font-weight font-style font-size white-space position".split(" "),
])
/** Names, numbers with units and colours; nothing that is asked for elsewhere. */
const VALUE = /^(?!.*url)[-\w\s.#%,()]{1,64}$/i

/** The allowed ones among `name:value;…`, each apart. */
export function stylesOf(written: string): [name: string, value: string][] {
  return written.split(";").flatMap(style => {
    let colon = style.indexOf(":")
    let name = style.slice(0, colon).trim()
    let value = style.slice(colon + 1).trim()
    let isKnown = ALLOWED.has(name) && VALUE.test(value)
    return isKnown && (name !== "position" || value === "relative") ? [[name, value]] : []
  })
}
