/**
 * Colours by which people in one document can be told apart, as far as nobody has chosen theirs.
 * Knows no page.
 */
import type { Person } from "../page/person"
import { type PeerColor, palette } from "../palette"
import type { Participant } from "./company"

/**
 * A colour that none of the others has, for somebody whose own is taken and was only made up; otherwise nothing. For one person
 * it is the same each time the same colours are free.
 */
export function freeColor(
  { id, color, hasChosen }: Person,
  others: readonly Pick<Participant, "color">[],
): PeerColor | undefined {
  let taken = new Set(others.map(other => other.color.toLowerCase()))
  if (hasChosen || !taken.has(color.color)) return undefined
  let free = palette.filter(({ color }) => !taken.has(color))
  return free[Number.parseInt(id.slice(0, 8), 16) % free.length] ?? free[0]
}
