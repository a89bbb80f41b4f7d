/**
 * Opens the list of languages. Is loaded when somebody asks for it.
 * Knows the element, and not what becomes of a choice.
 */
import { CodraftLanguages } from "../elements/languages"

/** What the list begins with. */
export interface Choosing {
  /** The id of the language that the text is in. */
  readonly chosen: string
  /** What was typed before the list was there. */
  readonly typed: string
  choose(id: string): void
}

/** Shows it over the page. */
export function openLanguagePicker({ chosen, typed, choose }: Choosing) {
  let list = new CodraftLanguages()
  list.current = chosen
  list.choose = choose
  list.query = typed
  list.show()
}
