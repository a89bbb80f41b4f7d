/**
 * The part of the page that is about being together, from a moment on: it is loaded when the text is there.
 * Knows what to tell it once it has come, and what it missed.
 */
import type { EditorView } from "@codemirror/view"
import type { Connection } from "../connection"
import type { Together } from "../together/together"
import type { Access } from "./access"
import { ownPerson, type Person } from "./person"

/** The people of one document. */
export function peopleView(access: Access) {
  let person = ownPerson()
  let together: Together | null = null
  return {
    /** Shows them beside this text. */
    async begin(view: EditorView, connection: Connection) {
      let { Together } = await import("../together/together")
      together = new Together({ view, connection, access, person })
    },
    setPerson(now: Person) {
      person = now
      together?.setPerson(now)
    },
    report: () => together?.report(),
    recovered: () => together?.recovered(),
  }
}
