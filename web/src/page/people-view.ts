/**
 * The part of the page that is about being together, from a moment on: it is loaded when the text is there.
 * Knows what to tell it once it has come, and what it missed.
 */
import type { EditorView } from "@codemirror/view"
import type { Connection } from "../connection"
import type { PeerColor } from "../palette"
import type { Together } from "../together/together"
import type { Access } from "./access"
import { ownPerson, type Person } from "./person"

/** The people of one document. */
export function peopleView(access: Access) {
  let person = ownPerson()
  let recolor: (color: PeerColor) => void = () => {}
  let together: Together | null = null
  return {
    /** Shows them beside this text. */
    async begin(view: EditorView, connection: Connection) {
      let { Together } = await import("../together/together")
      together = new Together({ view, connection, access, person, recolor })
    },
    /** Calls `take` with a colour for this person, if the one that was made up is somebody else's here. */
    onTaken(take: (color: PeerColor) => void) {
      recolor = take
    },
    setPerson(now: Person) {
      person = now
      together?.setPerson(now)
    },
    report: () => together?.report(),
    recovered: () => together?.recovered(),
  }
}
