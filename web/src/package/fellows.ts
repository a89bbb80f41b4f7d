/**
 * Being together in an embedded editor: tells the others what this person does, and follows one of them. Loaded once the text is
 * there.
 * Knows the editor and the people in it, and shows nothing by itself.
 */
import { EditorView } from "@codemirror/view"
import { peers } from "../editor/peers"
import { type CodraftFollowing, defineFollowing } from "../elements/following"
import { hasToLetGo, leadsTo } from "../together/chains"
import { type Participant, participants } from "../together/company"
import { Following } from "../together/following"
import { OwnNote } from "../together/own-note"
import { OwnState } from "../together/own-state"
import type { LiveSession } from "./session"

/** The fellows of one editor. */
export class Fellows {
  private readonly frame: CodraftFollowing
  private readonly note: OwnNote
  private readonly state: OwnState
  private readonly following: Following
  private readonly stop: (() => void)[]

  constructor(
    private readonly view: EditorView,
    private readonly session: LiveSession,
    connection: ConstructorParameters<typeof OwnNote>[0],
  ) {
    defineFollowing()
    this.frame = document.createElement("codraft-following") as CodraftFollowing
    this.frame.addEventListener("codraft-stop", () => this.following.end("own"))
    view.dom.append(this.frame)
    this.note = new OwnNote(connection)
    this.state = new OwnState(view, this.note)
    this.following = new Following(view, {
      changed: () => this.changed(),
      movedTo: () => {},
      isLive: () => session.status.state !== "offline" && session.status.state !== "reconnecting",
    })
    this.stop = [session.on("peers", () => this.look()), session.on("status", () => this.look())]
    this.look()
  }

  /** Everybody else, one entry for each person. */
  get others(): readonly Participant[] {
    return participants(this.view.state.field(peers, false) ?? [], this.session.ownId)
  }

  /** Whom this person follows; empty for nobody. */
  get followed(): string {
    return this.following.who?.key ?? ""
  }

  /** Follows somebody from now on, unless they follow this person; nobody with null. */
  follow(key: string | null): boolean {
    let who = this.others.find(other => other.key === key)
    if (key === null || !who) {
      this.following.end("own")
      return key === null
    }
    let chains = new Map(this.others.map(({ key, follows }) => [key, follows]))
    if (leadsTo(chains, who.follows, this.session.ownId)) return false
    this.following.begin(who)
    return true
  }

  /** Scrolls to where somebody writes. */
  show(key: string) {
    let who = this.others.find(other => other.key === key)
    if (!who || who.peer.head < 0) return
    this.following.end("own")
    this.view.dispatch({ effects: EditorView.scrollIntoView(who.peer.head, { y: "center" }) })
  }

  /** There is no editor any more. */
  end() {
    for (let stop of this.stop) stop()
    this.following.leave()
    this.state.end()
    this.note.end()
    this.frame.remove()
  }

  private changed() {
    let { who, isWaiting } = this.following
    this.frame.name = who?.name ?? ""
    this.frame.color = who?.color ?? ""
    this.frame.waiting = isWaiting
    this.look()
    this.view.dom.dispatchEvent(
      new CustomEvent("codraft-following", { bubbles: true, composed: true, detail: who }),
    )
  }

  private look() {
    let own = this.session.ownId
    let { others, followed } = this
    this.state.setFollowed(others.some(({ follows }) => follows === own))
    this.note.say({ reader: !this.session.mayWrite, follows: followed })
    let follows = new Map(others.map(({ key, follows }) => [key, follows])).set(own, followed)
    // Two who began to follow each other in the same moment.
    if (followed && hasToLetGo(follows, own)) this.following.end("ring")
  }
}
