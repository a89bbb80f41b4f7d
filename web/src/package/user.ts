/**
 * Who writes here, as an app says it; a guest of this browser where it says nothing.
 * Knows no server: where there are tokens, what those say goes before this.
 */
import { ownPerson } from "../page/person"
import { palette } from "../palette"

/** Somebody who writes. */
export interface User {
  /** What the others see beside the caret. */
  readonly name?: string
  /** `#rrggbb`, or one of the colours that Codraft's page offers by name: `blue`, `teal`. */
  readonly color?: string
  /** The same for all tabs of one person. */
  readonly id?: string
}

/** A user as the replica takes it. */
export interface OwnUser {
  readonly name: string
  readonly color: string
  readonly light: string
  readonly id: string
}

/** The user an app has named, made whole with what this browser remembers of its guest. */
export function ownUser(user: User | undefined): OwnUser {
  let guest = ownPerson()
  let known = palette.find(({ key }) => key === user?.color)
  let hex = /^#[0-9a-f]{6}$/i.test(user?.color ?? "") ? user?.color?.toLowerCase() : undefined
  let color = known?.color ?? hex ?? guest.color.color
  let light = known?.light ?? (hex ? `${hex}33` : guest.color.light)
  return { name: user?.name?.trim() || guest.name, color, light, id: user?.id || guest.id }
}
