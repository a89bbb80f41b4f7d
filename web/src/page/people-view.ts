/**
 * The faces in the header and the list of the others, redrawn when somebody comes, goes or changes their looks.
 * Knows who is to be shown from whoever tells it.
 */
import type { Peer } from "../editor/peers"
import type { You } from "../you"
import { showOthers, showPeople } from "./avatars"
import { ownAs } from "./own"
import { type Participant, participants } from "./people"
import { ownPerson, type Person } from "./person"

/** Shows the people from now on; `reveal` hears whose caret is wanted. */
export function peopleView(reveal: (client: number) => void) {
  let person = ownPerson()
  let you: You | null = null
  let peers: readonly Peer[] = []
  let others: Participant[] = []
  let shown = ""
  let choose = (key: string) => {
    let chosen = others.find(who => who.key === key)
    if (chosen) reveal(chosen.peer.client)
  }
  let show = () => {
    let own = ownAs(person, you)
    others = participants(peers, own.id)
    // Reports come with every moved caret; most change nothing here.
    let looks = JSON.stringify([own, others.map(({ key, name, color }) => [key, name, color])])
    if (looks === shown) return
    shown = looks
    showPeople(own, others, choose)
    showOthers(others)
  }
  show()
  return {
    setPerson(now: Person) {
      person = now
      show()
    },
    setYou(now: You | null) {
      you = now
      show()
    },
    setPeers(now: readonly Peer[]) {
      peers = now
      show()
    },
  }
}
