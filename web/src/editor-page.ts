/**
 * The page of one document: puts the header's parts around the editor and lets them hear of each other.
 * Knows every part and does none of their work.
 */
import type { StatusFacts } from "./client"
import { openConnection } from "./connection"
import { type Editor, mountEditor } from "./editor/editor"
import type { Peer } from "./editor/peers"
import { messages } from "./messages"
import { showOthers, showPeople } from "./page/avatars"
import { fieldInQuery, nameInPath, socketUrl } from "./page/document-name"
import { byId, element } from "./page/dom"
import { notice } from "./page/notice"
import { type Participant, participants } from "./page/people"
import { ownPerson, type Person } from "./page/person"
import { profile } from "./page/profile"
import { noteRecent, recents } from "./page/recents"
import { copyLinkButton } from "./page/share"
import { StatusView } from "./page/status-line"
import { themeButton } from "./page/theme"
import { titleOf } from "./page/title"

/** How long the text rests before its first line is looked up again. */
const TITLE_MS = 400

themeButton()
copyLinkButton()
let name = nameInPath(location.pathname)
if (name) open(name).catch(failed)
else fail(messages.editor.badName)

async function open(name: string) {
  byId("name", HTMLElement).textContent = name
  document.title = messages.pageTitle(name)
  showPeople(ownPerson(), [], () => {})
  let connection = await openConnection(socketUrl(name, location), fieldInQuery(location.search))
  let status = new StatusView(connection, facts => editor.setMode(hint(facts), facts.network === "refused"))
  let people = peopleView(client => editor.reveal(client))
  let title = titleKeeper(name, () => editor)
  let editor: Editor = mountEditor(byId("editor", HTMLElement), connection, {
    name,
    onEdit: () => status.noteEdit(),
    onBroken(error) {
      console.error(error)
      status.showBroken()
    },
    onRecovered() {
      join()
      notice(messages.notice.recovered)
    },
    onLost: text => notice(messages.notice.replaced, text),
    onPeers: people.setPeers,
    onText: title,
  })
  let own: Person
  let introduce = () =>
    connection.attempt(replica => replica.setUser(own.name, own.color.color, own.color.light, own.id))
  let join = () => {
    introduce()
    connection.attempt(replica => replica.connect())
  }
  profile(person => {
    own = person
    introduce()
    people.setOwn(person)
  })
  connection.onWake(() => status.refresh())
  join()
  editor.view.focus()
}

function hint({ everSynced, network }: StatusFacts): string {
  if (everSynced) return messages.editor.empty
  return network === "offline" ? messages.editor.emptyOffline : messages.editor.loading
}

/** The avatars and the list of the others, redrawn when somebody comes, goes or changes their looks. */
function peopleView(reveal: (client: number) => void) {
  let own = ownPerson()
  let others: Participant[] = []
  let shown = ""
  let choose = (key: string) => {
    let chosen = others.find(who => who.key === key)
    if (chosen) reveal(chosen.peer.client)
  }
  let show = () => {
    // Reports come with every moved caret; most change nothing here.
    let looks = JSON.stringify([own, others.map(({ key, name, color }) => [key, name, color])])
    if (looks === shown) return
    shown = looks
    showPeople(own, others, choose)
    showOthers(others)
  }
  return {
    setOwn(person: Person) {
      own = person
      show()
    },
    setPeers(peers: readonly Peer[]) {
      others = participants(peers, own.id)
      show()
    },
  }
}

/** Keeps the tab's title and the list of recent documents at the text's first line. */
function titleKeeper(name: string, editor: () => Editor): () => void {
  let timer = 0
  let keep = () => {
    let title = titleOf(editor().view.state.doc.iterLines())
    document.title = messages.pageTitle(title || name)
    // An empty page that has not reached the server yet must not blank what the list knows.
    if (title || !recents().some(recent => recent.name === name)) noteRecent({ name, title, at: Date.now() })
  }
  window.addEventListener("pagehide", keep)
  return () => {
    clearTimeout(timer)
    timer = window.setTimeout(keep, TITLE_MS)
  }
}

function failed(error: unknown) {
  console.error(error)
  fail(messages.editor.failed)
}

function fail(words: string) {
  let status = byId("status", HTMLElement)
  status.dataset.state = "refused"
  status.textContent = words
  byId("editor", HTMLElement).replaceChildren(element("p", "failed", words))
}
