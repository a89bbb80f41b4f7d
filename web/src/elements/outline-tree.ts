/**
 * Headings as the rows of a tree: what is in what, and what is folded away.
 * Knows no element.
 */
import type { Section } from "../editor/sections"

/** A heading that is shown. */
export interface Entry {
  /** Its place among all headings. */
  readonly index: number
  readonly section: Section
  /** From 1; what skips a level is only one deeper. */
  readonly depth: number
  /** Null when nothing is in it. */
  readonly isOpen: boolean | null
  /** How many there are beside it with it, and which it is, from 1. */
  readonly size: number
  readonly place: number
  /** The same for the same words, wherever they move. */
  readonly key: string
}

/** The rows of the headings that no folded one hides. */
export function entriesOf(sections: readonly Section[], folded: ReadonlySet<string>): Entry[] {
  let parents = parentsOf(sections)
  let depths: number[] = []
  let hidden: boolean[] = []
  let { sizes, places } = familiesOf(parents)
  let seen = new Map<string, number>()
  return sections.flatMap((section, index) => {
    let parent = parents[index] ?? -1
    let name = `${section.level} ${section.title}`
    let isFolded = folded.has(name)
    depths[index] = (depths[parent] ?? 0) + 1
    let isHidden = parent >= 0 && !!hidden[parent]
    hidden[index] = isHidden || isFolded
    if (isHidden) return []
    let nth = seen.get(name) ?? 0
    seen.set(name, nth + 1)
    return {
      index,
      section,
      depth: depths[index] ?? 1,
      isOpen: sizes.has(index) ? !isFolded : null,
      size: sizes.get(parent) ?? 1,
      place: places[index] ?? 1,
      key: `${name} ${nth}`,
    }
  })
}

function parentsOf(sections: readonly Section[]): number[] {
  let open: number[] = []
  return sections.map(({ level }, index) => {
    while (open.length && (sections[open.at(-1) ?? 0]?.level ?? 0) >= level) open.pop()
    let parent = open.at(-1) ?? -1
    open.push(index)
    return parent
  })
}

/** How many headings are in each, -1 for all others; and which of those a heading is. */
function familiesOf(parents: readonly number[]) {
  let sizes = new Map<number, number>()
  let places = parents.map(parent => {
    let place = (sizes.get(parent) ?? 0) + 1
    sizes.set(parent, place)
    return place
  })
  return { sizes, places }
}
