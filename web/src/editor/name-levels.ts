/**
 * Where the names of carets that stand close together go, so that each can be read: one above the other.
 * Knows widths and places, no element.
 */

/** A name that is shown at a caret. */
export interface Label {
  /** Of the caret, in pixels of the text. */
  readonly left: number
  readonly top: number
  /** Pixels. */
  readonly width: number
  /** Whether the name lies to the left of its caret. */
  readonly leftwards: boolean
}

/** More names than this over one place are not read anyway: the rest lies on the last. */
const MAX_LEVEL = 4
/** Carets whose tops differ by less stand on one line. */
const SAME_LINE_PX = 6
/** The room between two names side by side. */
const GAP_PX = 3

/** For each label how many others it stands above. */
export function levelsOf(labels: readonly Label[]): number[] {
  let levels = new Array<number>(labels.length).fill(0)
  let order = labels.map((_, at) => at).sort((a, b) => compare(labels[a], labels[b]))
  let placed: { label: Label; level: number }[] = []
  for (let at of order) {
    let label = labels[at]
    if (!label) continue
    let taken = new Set(placed.filter(other => collide(other.label, label)).map(({ level }) => level))
    let level = 0
    while (taken.has(level) && level < MAX_LEVEL) level++
    levels[at] = level
    placed.push({ label, level })
  }
  return levels
}

/** About how wide a name is drawn: exact enough to keep names apart, without asking the page to lay anything out. */
export function widthOf(name: string): number {
  let width = 0
  for (let char of name) width += (char.codePointAt(0) ?? 0) > 0x1100 ? 11.5 : 6.7
  return Math.min(width, 142) + 12
}

function compare(a: Label | undefined, b: Label | undefined): number {
  if (!a || !b) return 0
  return Math.abs(a.top - b.top) < SAME_LINE_PX ? a.left - b.left : a.top - b.top
}

function collide(a: Label, b: Label): boolean {
  if (Math.abs(a.top - b.top) >= SAME_LINE_PX) return false
  let [fromA, toA] = extent(a)
  let [fromB, toB] = extent(b)
  return fromA < toB + GAP_PX && fromB < toA + GAP_PX
}

function extent({ left, width, leftwards }: Label): [number, number] {
  return leftwards ? [left - width, left] : [left, left + width]
}
