/**
 * The page of one document: puts the header's parts around the editor and lets them hear of each other.
 * Knows every part and does none of their work.
 */
import { openConnection } from "./client"
import { type Editor, mountEditor } from "./editor/editor"
import type { Peer } from "./editor/peers"
import { messages } from "./messages"
import { showOthers, showPeople } from "./page/avatars"
import { nameInPath, socketUrl } from "./page/document-name"
import { byId, element } from "./page/dom"
import { participants } from "./page/people"
import { ownPerson } from "./page/person"
import { profile } from "./page/profile"
import { noteRecent } from "./page/recents"
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
  let connection = await openConnection(socketUrl(name, location))
  let { replica } = connection
  let status = new StatusView(replica, (everSynced, live) => editor.setPlaceholder(hint(everSynced, live)))
  let people = peopleView(peer => editor.reveal(peer))
  let title = titleKeeper(name, () => editor)
  let editor: Editor = mountEditor(byId("editor", HTMLElement), connection, {
    name,
    onEdit: () => status.noteEdit(),
    onBroken(error) {
      console.error(error)
      status.showBroken()
    },
    onPeers: people.setPeers,
    onText: title,
  })
  profile(person => {
    replica.setUser(person.name, person.color.color, person.color.light, person.id)
    people.setOwn(person)
  })
  connection.onWake(() => status.refresh())
  replica.connect()
  editor.view.focus()
}

function hint(everSynced: boolean, live: boolean): string {
  if (everSynced) return messages.editor.empty
  return live ? messages.editor.loading : messages.editor.emptyOffline
}

/** The avatars and the list of the others, redrawn when either side of them changes. */
function peopleView(reveal: (peer: Peer) => void) {
  let own = ownPerson()
  let peers: readonly Peer[] = []
  let show = () => {
    let others = participants(peers, own.id)
    showPeople(own, others, key => {
      let chosen = participants(peers, own.id).find(who => who.key === key)
      if (chosen && chosen.peer.head >= 0) reveal(chosen.peer)
    })
    showOthers(others)
  }
  return {
    setOwn(person: typeof own) {
      own = person
      show()
    },
    setPeers(now: readonly Peer[]) {
      peers = now
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
    noteRecent({ name, title, at: Date.now() })
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
