/**
 * Offers to follow each person, and to show where they write, by name.
 * Knows nobody but those it is told of.
 */
import { type Action, actions } from "../actions"
import type { Wish } from "../elements/people"
import { words } from "../messages/together"
import type { Participant } from "./company"

let takeBack = () => {}
let offered = ""

/** Offers what can be done about these people, in the place of what was offered before. */
export function personActions(people: readonly Participant[], following: string, does: (wish: Wish) => void) {
  let now = people.map(({ key, name }) => `${key} ${name} ${key === following}`).join("\n")
  if (now === offered) return
  offered = now
  takeBack()
  takeBack = actions.add(...people.flatMap(who => actionsOf(who, following, does)))
}

function actionsOf({ key, name }: Participant, following: string, does: (wish: Wish) => void): Action[] {
  let show: Action = {
    id: `people.show ${key}`,
    title: words.show(name),
    group: "people",
    run: () => does({ do: "show", key }),
  }
  if (key === following) return [show]
  let follow: Action = {
    id: `people.follow ${key}`,
    title: words.followPerson(name),
    group: "people",
    run: () => does({ do: "follow", key }),
  }
  return [show, follow]
}
