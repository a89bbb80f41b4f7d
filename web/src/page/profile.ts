/**
 * The popover in which a person changes their name and colour.
 * Knows no wire: it hands the changed person on and remembers it for the next visit.
 */
import { messages } from "../messages"
import { palette } from "../palette"
import type { You } from "../you"
import { byId, element } from "./dom"
import { aliasOf } from "./own"
import { keepPerson, ownPerson, PERSON_KEY, type Person } from "./person"

/** What the popover is told. */
export interface Profile {
  /** How the server shows this person. */
  showAs(you: You | null): void
  /** Another colour than the one that was made up, as long as this page is there and nobody chooses one. */
  recolor(color: Person["color"]): void
}

/** Wires the popover; `onChange` hears the person now and after every change, made here or in another tab. */
export function profile(onChange: (person: Person) => void): Profile {
  let person = ownPerson()
  let lent: Person["color"] | null = null
  let shown = () => (lent && !person.hasChosen ? { ...person, color: lent } : person)
  let server: You | null = null
  let name = byId("own-name", HTMLInputElement)
  let colors = byId("own-color", HTMLFieldSetElement)
  let show = () => {
    let fixed = server?.named ?? false
    if (document.activeElement !== name || fixed) name.value = (fixed && server?.name) || person.name
    name.disabled = fixed
    note(fixed ? messages.people.fixed : aliasNote(person.name, server))
    for (let input of colors.querySelectorAll("input")) input.checked = input.value === shown().color.key
  }
  let change = (changes: Partial<Person>) => {
    person = { ...person, ...changes }
    keepPerson(person)
    note(aliasNote(person.name, server))
    onChange(shown())
  }
  name.addEventListener("input", () => name.value.trim() && change({ name: name.value.trim() }))
  name.addEventListener("blur", show)
  name.addEventListener("keydown", event => {
    if (event.key !== "Enter") return
    // Whoever opened it gets the focus back, and would take the key for a click.
    event.preventDefault()
    byId("profile", HTMLElement).hidePopover()
  })
  byId("swatches", HTMLElement).append(
    ...palette.map(color => swatch(color, () => change({ color, hasChosen: true }))),
  )
  window.addEventListener("storage", event => {
    if (event.key !== PERSON_KEY) return
    person = ownPerson()
    show()
    onChange(shown())
  })
  show()
  onChange(person)
  return {
    showAs(you) {
      server = you
      // Whoever is named by a token may have their colour from it, too: then it does not follow the choice made here.
      colors.disabled = (you?.named ?? false) && you?.color !== shown().color.color
      show()
    },
    recolor(color) {
      lent = color
      show()
      onChange(shown())
    },
  }
}

function aliasNote(name: string, you: You | null): string {
  let alias = aliasOf(name, you)
  return alias ? messages.people.alias(alias) : ""
}

function note(words: string) {
  let line = byId("own-note", HTMLElement)
  if (line.textContent !== words) line.textContent = words
  line.hidden = !words
}

function swatch({ key, color }: Person["color"], onPick: () => void): HTMLLabelElement {
  let label = element("label", "swatch")
  let input = element("input")
  input.type = "radio"
  input.name = "color"
  input.value = key
  input.setAttribute("aria-label", messages.colors[key])
  input.addEventListener("change", onPick)
  label.title = messages.colors[key]
  label.style.setProperty("--peer", color)
  label.append(input)
  return label
}
