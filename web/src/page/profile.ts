/**
 * The popover in which a person changes their name and colour.
 * Knows no wire: it hands the changed person on and remembers it for the next visit.
 */
import { messages } from "../messages"
import { palette } from "../palette"
import { byId, element } from "./dom"
import { keepPerson, ownPerson, PERSON_KEY, type Person } from "./person"

/** Wires the popover; `onChange` hears the person now and after every change, made here or in another tab. */
export function profile(onChange: (person: Person) => void) {
  let person = ownPerson()
  let name = byId("own-name", HTMLInputElement)
  let colors = byId("own-color", HTMLElement)
  let show = () => {
    if (document.activeElement !== name) name.value = person.name
    for (let input of colors.querySelectorAll("input")) input.checked = input.value === person.color.key
  }
  let change = (changes: Partial<Person>) => {
    person = { ...person, ...changes }
    keepPerson(person)
    onChange(person)
  }
  name.addEventListener("input", () => name.value.trim() && change({ name: name.value.trim() }))
  name.addEventListener("blur", show)
  name.addEventListener("keydown", event => {
    if (event.key === "Enter") byId("profile", HTMLElement).hidePopover()
  })
  colors.append(...palette.map(color => swatch(color, () => change({ color }))))
  window.addEventListener("storage", event => {
    if (event.key !== PERSON_KEY) return
    person = ownPerson()
    show()
    onChange(person)
  })
  show()
  onChange(person)
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
