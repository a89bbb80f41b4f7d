/**
 * What the address of an embedded document asks for.
 * Knows the spelling of a query, and no page.
 */
import { CONTENT } from "./document-name"
import { DEFAULTS, type Settings, THEMES } from "./settings"
import { VIEWS, type View } from "./views"

/** How an embedded document is to be shown. */
export interface EmbedOptions {
  /** The text of the document that is meant. */
  readonly field: string
  readonly settings: Settings
  /** None: that for writing, or for reading where nobody may write. */
  readonly view: View | null
  readonly isReadOnly: boolean
  /** Whether is shown who else is here. */
  readonly hasPresence: boolean
  readonly userName: string
  /** `#rrggbb`; empty for any. */
  readonly userColor: string
  /** What the text is written in, where its document does not say. */
  readonly language: string
  /** What an empty document says; empty for the usual words. */
  readonly placeholder: string
  /** For browsers' spelling and hyphenation, and the direction of the text; empty for what they find out themselves. */
  readonly lang: string
  readonly dir: string
}

const HEX = /^#?([0-9a-f]{6})$/i
const DIRECTIONS = ["ltr", "rtl", "auto"]

/** Reads the query of an address. What is not understood is as if it were not there. */
export function embedOptions(query: string): EmbedOptions {
  let asked = new URLSearchParams(query)
  let text = (key: string) => asked.get(key)?.trim() ?? ""
  let oneOf = <Word extends string>(key: string, words: readonly Word[]) =>
    words.find(word => word === text(key))
  let isOn = (key: string, otherwise: boolean) => switched(asked.get(key)) ?? otherwise
  let numbers = switched(asked.get("line-numbers"))
  let [, hex] = HEX.exec(text("user-color")) ?? []
  return {
    field: text("field") || CONTENT,
    settings: {
      ...DEFAULTS,
      theme: oneOf("theme", THEMES) ?? DEFAULTS.theme,
      wrap: isOn("wrap", DEFAULTS.wrap),
      lineNumbers: numbers === undefined ? DEFAULTS.lineNumbers : numbers ? "on" : "off",
      toolbar: isOn("toolbar", false),
      announcements: false,
    },
    view: oneOf("view", VIEWS) ?? null,
    isReadOnly: isOn("readonly", false),
    hasPresence: isOn("presence", true),
    userName: text("user-name"),
    userColor: hex ? `#${hex.toLowerCase()}` : "",
    language: text("language").toLowerCase(),
    placeholder: text("placeholder"),
    lang: /^[a-z0-9-]{2,35}$/i.test(text("lang")) ? text("lang") : "",
    dir: oneOf("dir", DIRECTIONS) ?? "",
  }
}

/** On or off, in the words people try; a key alone is on. */
function switched(value: string | null): boolean | undefined {
  if (value === null) return undefined
  if (["", "1", "on", "true", "yes"].includes(value.toLowerCase())) return true
  return ["0", "off", "false", "no"].includes(value.toLowerCase()) ? false : undefined
}
