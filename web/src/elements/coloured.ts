/**
 * Gives an element in a template somebody's colour, through the CSSOM: the pages' policy allows no style in markup.
 * Knows no person.
 */
import { type ElementPart, noChange } from "lit"
import { Directive, directive, type PartInfo, PartType } from "lit/directive.js"
import { inkOn } from "../palette"

class Coloured extends Directive {
  private color = ""

  constructor(part: PartInfo) {
    super(part)
    if (part.type !== PartType.ELEMENT) throw new Error("a colour belongs to an element")
  }

  override render(_color: string) {
    return noChange
  }

  override update({ element }: ElementPart, [color]: [string]) {
    if (color !== this.color && element instanceof HTMLElement) {
      this.color = color
      element.style.setProperty("--peer", color)
      element.style.setProperty("--peer-ink", inkOn(color))
    }
    return noChange
  }
}

/** `${coloured(color)}` on a tag. */
export const coloured = directive(Coloured)
