/**
 * Being together: who is here, following, being asked to look somewhere, who comes and goes. Loaded once the text is there.
 * Knows every part of it and does none of their work.
 */
import { EditorView } from "@codemirror/view"
import { actions } from "../actions"
import type { Connection } from "../connection"
import { peers } from "../editor/peers"
import { type CodraftFollowing, defineFollowing } from "../elements/following"
import { type CodraftPeople, definePeople, type Wish } from "../elements/people"
import { toasts } from "../elements/toasts"
import { words } from "../messages/together"
import type { Access } from "../page/access"
import { byId } from "../page/dom"
import { ownAs } from "../page/own"
import type { Person } from "../page/person"
import { settings } from "../page/settings"
import type { PeerColor } from "../palette"
import { Arrivals } from "./arrivals"
import { Asked, Asking } from "./asking"
import { hasToLetGo, leadsTo } from "./chains"
import { type Participant, participants, readNote } from "./company"
import { edges } from "./edges"
import { type Ending, type Followed, Following } from "./following"
import { freeColor } from "./free-color"
import { OwnNote } from "./own-note"
import { OwnState } from "./own-state"
import { personActions } from "./person-actions"
import { isShown } from "./sight"

/** How often what people do is looked at; who comes and goes is seen at once. */
const LOOK_MS = 250
/** After connecting it takes a moment until everyone who is here has been heard of. */
const SETTLE_MS = 3_000
/** How long words stay on the page, and a request to look somewhere. */
const WORDS_MS = 4_000
const ASKED_MS = 20_000
/** Moves by fewer lines than this are not worth a word, nor are words closer together than this. */
const FAR_LINES = 15
const SPEAK_MS = 6_000

/** What it is about. */
export interface Place {
  readonly view: EditorView
  readonly connection: Connection
  readonly access: Access
  readonly person: Person
  /** Gives this person another colour than the one that was made up. */
  recolor(color: PeerColor): void
}

/** Being together in one document. */
export class Together {
  private readonly element: CodraftPeople
  private readonly frame: CodraftFollowing
  private readonly toasts = toasts()
  private readonly note: OwnNote
  private readonly state: OwnState
  private readonly asking: Asking
  private readonly asked = new Asked()
  private readonly arrivals = new Arrivals()
  private readonly following: Following
  private person: Person
  private others: readonly Participant[] = []
  private here = ""
  private looking = 0
  private telling = 0
  private liveSince = Number.POSITIVE_INFINITY
  private spokenAt = Number.NEGATIVE_INFINITY
  private spokenLine = 0
  private isApart = false
  /** The request that waits for an answer. */
  private pending: { who: Participant; at: number } | null = null

  constructor(private readonly place: Place) {
    let { view, connection, access, person } = place
    this.person = person
    definePeople()
    defineFollowing()
    this.element = byId("people", HTMLElement) as CodraftPeople
    this.element.profile = byId("profile", HTMLElement)
    this.element.addEventListener("codraft-person", event => this.does((event as CustomEvent<Wish>).detail))
    this.frame = document.createElement("codraft-following") as CodraftFollowing
    this.frame.addEventListener("codraft-stop", () => this.following.end("own"))
    view.dom.append(this.frame)
    this.note = new OwnNote(connection)
    this.asking = new Asking(this.note)
    this.state = new OwnState(view, this.note)
    this.following = new Following(view, {
      changed: (ending, who) => this.followed(ending, who),
      movedTo: (who, at) => this.movedTo(who, at),
      isLive: () => this.isSettled(),
    })
    edges(view, client => this.showPeer(client))
    this.offer()
    access.onChange(() => this.look())
    settings.onChange(() => this.look())
    connection.onWake(() => this.noteNetwork())
    this.noteNetwork()
    this.look()
  }

  /** This person has another name or colour. */
  setPerson(person: Person) {
    this.person = person
    this.look()
  }

  /** Somebody has come, gone, moved or said something. */
  report() {
    let here = this.place.view.state
      .field(peers)
      .map(({ client, name, color }) => `${client} ${name} ${color}`)
      .join("\n")
    if (here !== this.here) {
      this.here = here
      this.look()
    } else this.looking ||= window.setTimeout(() => this.look(), LOOK_MS)
  }

  /** A fresh replica has heard nothing. */
  recovered() {
    this.note.again()
  }

  private look() {
    clearTimeout(this.looking)
    this.looking = 0
    let { access, view } = this.place
    let own = ownAs(this.person, access.you)
    this.others = participants(view.state.field(peers), own.id)
    let { element, following } = this
    element.own = own
    element.others = this.others
    element.following = following.who?.key ?? ""
    element.mayAsk = access.mayWrite
    element.announces = settings.now.announcements
    this.state.setFollowed(this.others.some(({ follows }) => follows === own.id))
    this.note.say({ reader: !access.mayWrite, follows: following.who?.key ?? "" })
    this.breakRing(own.id)
    this.hear()
    this.tell()
    personActions(this.others, following.who?.key ?? "", wish => this.does(wish))
  }

  private does({ do: what, key }: Wish) {
    let who = this.others.find(other => other.key === key)
    if (what === "show" && who) this.showPeer(who.peer.client, who)
    else if (what === "follow" && who) this.follow(who)
    else if (what === "stop") this.following.end("own")
    else if (what === "ask") this.askHere()
    else if (what === "announce") {
      settings.set({ announcements: !settings.now.announcements })
    }
  }

  private follow(who: Participant) {
    let own = ownAs(this.person, this.place.access.you)
    if (leadsTo(this.chains(), who.follows, own.id))
      return this.say(words.followsAlready(who.name), who.color)
    this.spokenLine = 0
    this.showText()
    this.following.begin(who)
    this.focus()
  }

  private followed(ending?: Ending, before?: Followed) {
    let { who, isWaiting } = this.following
    this.frame.name = who?.name ?? ""
    this.frame.color = who?.color ?? ""
    this.frame.waiting = isWaiting
    if (who && !isWaiting) this.toasts.say(words.followed(who.name))
    if (who && isWaiting) this.toasts.say(words.waiting(who.name))
    if (ending === "own" && before) this.toasts.say(words.stopped(before.name))
    if (ending === "left" && before) this.say(words.hasLeft(before.name), before.color)
    if (ending === "ring" && before) this.say(words.ring(before.name), before.color)
    this.look()
  }

  /** A word for those who do not see how far the text has moved. */
  private movedTo({ name }: Followed, at: number) {
    let { doc } = this.place.view.state
    let line = doc.lineAt(Math.min(at, doc.length)).number
    let now = performance.now()
    if (Math.abs(line - this.spokenLine) < FAR_LINES || now - this.spokenAt < SPEAK_MS) return
    this.spokenLine = line
    this.spokenAt = now
    this.toasts.say(words.isAt(name, line))
  }

  private chains(): ReadonlyMap<string, string> {
    return new Map(this.others.map(({ key, follows }) => [key, follows]))
  }

  /** Two who began to follow each other in the same moment. */
  private breakRing(own: string) {
    let { who } = this.following
    if (who && hasToLetGo(new Map(this.chains()).set(own, who.key), own)) this.following.end("ring")
  }

  private showPeer(client: number, who = this.others.find(({ peer }) => peer.client === client)) {
    let { view } = this.place
    // Asked now, not remembered: between two reports only the editor's state follows the edits.
    let head = view.state.field(peers).find(peer => peer.client === client)?.head ?? -1
    this.following.end("own")
    if (head >= 0) this.scrollTo(head)
    else if (who) this.say(words.noCursor(who.name), who.color)
  }

  /** Places are places in the text as it is written. */
  private showText() {
    if (!isShown(this.place.view)) actions.run("view.write")
  }

  private scrollTo(at: number) {
    this.showText()
    this.place.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) })
  }

  private askHere() {
    let { main } = this.place.view.state.selection
    this.asking.ask(main.head)
    this.say(words.brought(this.others.length))
    this.focus()
  }

  /** Hears who asks to look somewhere. */
  private hear() {
    for (let who of this.others) {
      let { asks } = readNote(who.peer)
      if (!asks || !this.asked.isNew(who.key, asks, performance.now())) continue
      this.pending = { who, at: asks.at }
      this.toasts.show({
        id: `asks ${who.key}`,
        text: words.asks(who.name),
        color: who.color,
        lasts: ASKED_MS,
        choices: [
          { label: words.go, run: () => this.go(asks.at) },
          { label: words.dismiss, run: () => this.go(null) },
        ],
      })
    }
  }

  private go(at: number | null) {
    if (this.pending) this.toasts.hide(`asks ${this.pending.who.key}`)
    this.pending = null
    if (at !== null) {
      this.following.end("own")
      this.scrollTo(Math.min(at, this.place.view.state.doc.length))
    }
    this.focus()
  }

  /** Says who has come and gone, once they are worth a word. */
  private tell() {
    clearTimeout(this.telling)
    let now = performance.now()
    let isSettled = this.isSettled()
    this.element.toggleAttribute("settled", isSettled)
    this.arrivals.look(new Map(this.others.map(({ key, name }) => [key, name])), isSettled, now)
    let news = this.arrivals.take(now)
    if (news && settings.now.announcements) {
      let said = [
        news.came.length ? words.came(news.came) : "",
        news.went.length ? words.went(news.went) : "",
      ]
      this.say(said.filter(Boolean).join(" "), this.others.find(({ name }) => name === news.came[0])?.color)
    }
    let { due } = this.arrivals
    if (due !== null) this.telling = window.setTimeout(() => this.tell(), Math.max(50, due - now))
  }

  private say(text: string, color?: string) {
    this.toasts.show({ id: "words", text, lasts: WORDS_MS, ...(color && { color }) })
  }

  private isSettled(): boolean {
    return performance.now() - this.liveSince > SETTLE_MS
  }

  private noteNetwork() {
    let status = this.place.connection.attempt(replica => replica.status())
    let isLive = status?.network === "live" && status.synced
    status?.free()
    if (!isLive) this.liveSince = Number.POSITIVE_INFINITY
    else if (this.liveSince === Number.POSITIVE_INFINITY) {
      this.liveSince = performance.now()
      setTimeout(() => this.tell(), SETTLE_MS + 1)
      // Who was here before has been heard of by then, and shown.
      if (!this.isApart) setTimeout(() => this.standApart(), LOOK_MS)
      this.isApart = true
    }
  }

  /** Whoever comes to a document takes a colour that is nobody else's there. */
  private standApart() {
    let { person, place } = this
    let free = place.access.you?.named ? undefined : freeColor(person, this.others)
    if (free) place.recolor(free)
  }

  /** Back to the text; but not where that would raise a keyboard over half of the screen. */
  private focus() {
    if (!matchMedia("(pointer: coarse)").matches) this.place.view.focus()
  }

  private offer() {
    actions.add(
      {
        id: "people.list",
        title: words.showPeople,
        group: "people",
        run: () => this.element.showEverybody(),
      },
      {
        id: "people.stop",
        title: words.stopFollowing,
        group: "people",
        keys: "Escape",
        isOffered: () => this.following.who !== null,
        run: () => this.following.end("own"),
      },
      {
        id: "people.ask",
        title: words.bring,
        group: "people",
        isOffered: () => this.place.access.mayWrite && this.others.length > 0,
        run: () => this.askHere(),
      },
      {
        id: "people.go",
        title: words.go,
        group: "people",
        isOffered: () => this.pending !== null,
        run: () => this.go(this.pending?.at ?? null),
      },
      {
        id: "people.announce",
        title: words.announce,
        group: "people",
        isOn: () => settings.now.announcements,
        run: () => this.does({ do: "announce" }),
      },
    )
  }
}
