/**
 * The list of languages that a text can be in, searched like the command palette.
 * Knows which there are; what becomes of the choice is its owner's.
 */
import { languages } from "../editor/languages"
import { messages } from "../messages"
import { picker as words } from "../messages/languages"
import type { Choice } from "../page/choices"
import { languagesFor, type Offered } from "../page/language-choices"
import { CodraftPalette } from "./palette"

const PROSE: readonly Offered[] = [
  { id: "markdown", name: messages.language.markdown, beside: words.markdown, aliases: ["md", "gfm"] },
  { id: "plain", name: messages.language.plain, beside: words.plain, aliases: ["txt", "text", "none"] },
]

/** `<codraft-languages>`: set what is `current` and what to do with a choice, and show it. */
export class CodraftLanguages extends CodraftPalette {
  /** The id of the language that the text is in. */
  current = ""
  /** Takes the id of the chosen one. */
  choose: (id: string) => void = () => {}
  protected override readonly heading: string = words.title
  protected override readonly placeholder: string = words.placeholder
  protected override readonly help: string = words.note

  protected override find(query: string): readonly Choice[] {
    let offered = languages.map(({ id, name, aliases, extensions, files }) => ({
      id,
      name,
      aliases: [...aliases, ...extensions, ...files],
      beside: extensions.length > 0 ? `.${extensions[0]}` : "",
    }))
    return languagesFor(query, [...PROSE, ...offered]).map(([{ id, name, beside }, at]) => ({
      name,
      at,
      beside,
      on: id === this.current,
      take: () => this.choose(id),
    }))
  }

  protected override nothing(): string {
    return words.nothing
  }
}

customElements.define("codraft-languages", CodraftLanguages)
