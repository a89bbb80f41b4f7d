/**
 * Who is here, as faces, inside of `codraft-presence`. Loaded when there is one on the page.
 * Knows whom a session reports; how faces look is `elements/people.ts`'s.
 */
import { type CodraftPeople, definePeople, type Wish } from "../elements/people"
import { participants } from "../together/company"
import type { Company } from "./companion"

/** Shows the faces in `root`, and does in the editor what is wanted of them; returns how to end. */
export function showFaces(root: ShadowRoot, { session, editor }: Company): () => void {
  definePeople()
  let people = document.createElement("codraft-people") as CodraftPeople
  people.canAnnounce = false
  people.mayFollow = editor !== null
  let look = () => {
    people.own = session.own
    people.others = participants(session.now?.peers ?? [], session.ownId)
  }
  let followed = (event: Event) => {
    people.following = (event as CustomEvent<{ key: string } | null>).detail?.key ?? ""
  }
  people.addEventListener("codraft-person", event => {
    let { do: what, key } = (event as CustomEvent<Wish>).detail
    if (what === "show" && key) editor?.show(key)
    else if (what === "follow" && key) editor?.follow(key)
    else if (what === "stop") editor?.follow(null)
  })
  look()
  root.append(people)
  editor?.addEventListener("codraft-following", followed)
  let stops = [session.on("peers", look), session.on("status", look), session.on("ready", look)]
  return () => {
    for (let stop of stops) stop()
    editor?.removeEventListener("codraft-following", followed)
    people.remove()
  }
}
