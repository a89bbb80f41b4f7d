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
import { CONTENT, fieldInQuery, nameInPath, pathOf, socketUrl } from "./page/document-name"
import { byId, element } from "./page/dom"
import { fieldsOf, isDoubtful, type Plan, planFor } from "./page/fields"
import { notice, noticeOf } from "./page/notice"
import { type Participant, participants } from "./page/people"
import { ownPerson, type Person } from "./page/person"
import { profile } from "./page/profile"
import { showReading } from "./page/reading"
import { noteRecent, recents } from "./page/recents"
import { copyLinkButton } from "./page/share"
import { notTextLine, readingLine } from "./page/status"
import { StatusView } from "./page/status-line"
import { themeButton } from "./page/theme"
import { titleOf } from "./page/title"

/** How long the text rests before its first line is looked up again. */
const TITLE_MS = 400
/** The frame of a document with nothing in it: three tags and lengths, no client and no deletion. */
const EMPTY_BYTES = 5

themeButton()
copyLinkButton()
let name = nameInPath(location.pathname)
if (name) open(name, fieldInQuery(location.search)).catch(failed)
else fail(messages.editor.badName)

async function open(name: string, field: string) {
  byId("name", HTMLElement).textContent = name
  document.title = messages.pageTitle(name)
  showPeople(ownPerson(), [], () => {})
  let connection = await openConnection(socketUrl(name, location), field)
  let status = new StatusView(connection, facts => {
    editor.setMode(hint(facts), facts.network === "refused" || (field !== CONTENT && !inspect.isDone()))
    if (facts.synced && connection.attempt(replica => replica.waiting()) === 0) inspect.soon()
  })
  let people = peopleView(client => editor.reveal(client))
  let text = () => editor.view.state.doc.iterLines()
  let title = titleKeeper(name, field, text)
  let hasAny = () => (connection.attempt(replica => replica.snapshot())?.length ?? 0) > EMPTY_BYTES
  let isInDoubt = () => isDoubtful(text()) && hasAny()
  let inspect = inspector(name, field, isInDoubt, plan => {
    if (plan.do === "switch") location.replace(pathOf(name, plan.to))
    else if (plan.do === "choose") noticeOf(messages.notice.fields, addressesOf(name, plan.among))
    else if (plan.do === "refuse") {
      connection.attempt(replica => replica.close())
      editor.setMode("", true)
      status.fix(notTextLine)
    } else if (plan.do === "read") {
      connection.attempt(replica => replica.close())
      status.fix(readingLine)
      showReading(byId("editor", HTMLElement), name, field, title.show)
    }
    status.refresh()
  })
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
    onText() {
      title.soon()
      inspect.soon()
    },
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

/** Finds out, while that is in doubt, whether the text is what this document is for. */
function inspector(name: string, field: string, isInDoubt: () => boolean, act: (plan: Plan) => void) {
  let timer = 0
  let done = false
  let over = false
  let look = async () => {
    timer = 0
    if (!isInDoubt()) {
      done = true
      return
    }
    let plan = planFor(field, await fieldsOf(name).catch(() => []))
    let first = !done
    done = true
    if (over || (!first && plan.do === "edit")) return
    over = plan.do === "read" || plan.do === "refuse"
    act(plan)
  }
  return {
    /** Whether it is known, as far as it can be now. */
    isDone: () => done,
    /** Looks once more when the text has rested: another app may have come. */
    soon() {
      if (!timer) timer = window.setTimeout(look, done ? TITLE_MS : 0)
    },
  }
}

function addressesOf(name: string, fields: readonly string[]): ReadonlyMap<string, string> {
  return new Map(fields.map(field => [field, pathOf(name, field)]))
}

/** Keeps the tab's title and the list of recent documents at the text's first line. */
function titleKeeper(name: string, field: string, text: () => Iterable<string>) {
  let timer = 0
  let shown: Iterable<string> | undefined
  let keep = () => {
    let title = titleOf(shown ?? text())
    document.title = messages.pageTitle(title || name)
    // An empty page that has not reached the server yet must not blank what the list knows.
    if (!title && recents().some(recent => recent.name === name)) return
    noteRecent({ name, title, at: Date.now(), ...(field === CONTENT ? {} : { field }) })
  }
  window.addEventListener("pagehide", keep)
  return {
    /** Looks at the text when it has rested. */
    soon() {
      clearTimeout(timer)
      timer = window.setTimeout(keep, TITLE_MS)
    },
    /** The text is not in the editor but these lines. */
    show(lines: Iterable<string>) {
      shown = lines
      keep()
    },
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
