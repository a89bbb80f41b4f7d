/**
 * The headings of a Markdown text as its syntax tree has them. What was found in a part of the tree is remembered for
 * as long as that part is used again, so that an edit costs only what is around it.
 * Knows no panel; behind what has been parsed so far it finds nothing.
 */
import { syntaxTree } from "@codemirror/language"
import type { EditorState, Text } from "@codemirror/state"
import { Tree } from "@lezer/common"
import { unmarked } from "../page/unmarked"

/** A heading and where it begins. */
export interface Section {
  readonly from: number
  readonly level: number
  readonly title: string
}

/** How much of a heading is shown. */
const TITLE_LENGTH = 120
const known = new WeakMap<Tree, readonly Section[]>()
const titles = new WeakMap<Tree, string>()

/** The headings as far as the text is parsed, in its order. */
export function sectionsOf(state: EditorState): readonly Section[] {
  return sectionsIn(syntaxTree(state), 0, state.doc)
}

/** The index of the section that a place is in; -1 before the first. */
export function sectionAt(sections: readonly Section[], pos: number): number {
  let [low, high] = [0, sections.length]
  while (low < high) {
    let middle = (low + high) >> 1
    if ((sections[middle]?.from ?? 0) <= pos) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Only parts that have no name of their own are looked into: headings stand at the top. */
function sectionsIn(tree: Tree, at: number, doc: Text): readonly Section[] {
  let isGroup = tree.type.isAnonymous
  let before = isGroup ? known.get(tree) : undefined
  if (before) return at ? before.map(section => ({ ...section, from: section.from + at })) : before
  let found: Section[] = []
  for (let i = 0; i < tree.children.length; i++) {
    let child = tree.children[i]
    if (!(child instanceof Tree)) continue
    let from = at + (tree.positions[i] ?? 0)
    let level = levelOf(child.type.name)
    if (level) found.push({ from, level, title: titleOf(child, from, doc) })
    else if (child.type.isAnonymous) found.push(...sectionsIn(child, from, doc))
  }
  if (isGroup) known.set(tree, at ? found.map(section => ({ ...section, from: section.from - at })) : found)
  return found
}

function titleOf(heading: Tree, from: number, doc: Text): string {
  let title = titles.get(heading) ?? titleIn(doc.sliceString(from, from + heading.length))
  titles.set(heading, title)
  return title
}

function levelOf(name: string): number {
  return Number(/^(?:ATX|Setext)Heading(\d)$/.exec(name)?.[1] ?? 0)
}

/** A heading's words, without its marks. */
export function titleIn(source: string): string {
  let [first = ""] = source.slice(0, 4 * TITLE_LENGTH).split("\n")
  let words = unmarked(first.replace(/^\s*#{1,6}(?:\s+|$)/, "").replace(/\s+#+\s*$/, "")).trim()
  return words.length > TITLE_LENGTH ? `${[...words].slice(0, TITLE_LENGTH).join("")}…` : words
}
