/**
 * The page of one document: puts the header's parts around the editor and lets them hear of each other.
 * Knows every part and does none of their work.
 */
import { About } from "./about"
import { type Connection, openConnection } from "./connection"
import { type Editor, mountEditor } from "./editor/editor"
import { images } from "./editor/images"
import { languageSwitch } from "./editor/language"
import { news } from "./editor/news"
import { messages } from "./messages"
import { Access } from "./page/access"
import { CONTENT, fieldInQuery, nameInPath, pathOf } from "./page/document-name"
import { byId, element } from "./page/dom"
import { isDoubtful, type Plan } from "./page/fields"
import { forgetting } from "./page/forget"
import { holdIdle } from "./page/idle"
import { inspector } from "./page/inspector"
import { Keeping } from "./page/keeping"
import { carryKey } from "./page/keys"
import { languageChoice, noteLanguage } from "./page/language-view"
import { takeKeysFrom } from "./page/new-key"
import { notice, noticeOf } from "./page/notice"
import { offlineBanner } from "./page/offline-banner"
import { peopleView } from "./page/people-view"
import type { Person } from "./page/person"
import { pictureActions, picturesOf } from "./page/pictures"
import { profile } from "./page/profile"
import { showReading } from "./page/reading"
import { readingAids } from "./page/reading-aids"
import { rightsView } from "./page/rights"
import { settings } from "./page/settings"
import { shareButton } from "./page/share"
import { installShell } from "./page/shell"
import { sinceLastHere } from "./page/since"
import { notTextLine, type PageFacts, readingLine, removedLine, type StatusLine } from "./page/status"
import { StatusView } from "./page/status-line"
import { titleKeeper } from "./page/title-keeper"
import { titleView } from "./page/title-view"
import { textActions, workplace } from "./page/work"
import { writingAids } from "./page/writing-aids"
import { Screens } from "./screens"

/** The frame of a document with nothing in it: three tags and lengths, no client and no deletion. */
const EMPTY_BYTES = 5
/** How long the other parts of the page wait for the text. */
const TEXT_FIRST_MS = 1_000
const WASM = new URL("../wasm/codraft_client_bg.wasm", import.meta.url)

workplace()
installShell()
let name = nameInPath(location.pathname)
if (name) open(name, fieldInQuery(location.search)).catch(failed)
else fail(messages.editor.badName)

async function open(name: string, field: string) {
  byId("name", HTMLElement).textContent = name
  document.title = messages.pageTitle(name)
  let access = new Access(name)
  shareButton(access)
  let people = peopleView(access)
  let keeping = new Keeping(name, field, access)
  let { copy } = keeping
  let connection = await openConnection(WASM, access, field, { keeper: copy, isNew: copy.isNew })
  await keeping.open(connection)
  let join = introduction(access, connection, people)
  let text = () => editor.view.state.doc
  let rights = rightsView(access, copy, () => text().toString())
  let banner = offlineBanner(() => access.mayWrite)
  let about = new About(connection)
  let heading = titleView(about, () => editor.view.focus())
  languageChoice(about, () => editor.view)
  let title = titleKeeper(name, field, about, () => text().iterLines(), heading.setTitle)
  let isLive = false
  let hasUnsaved = false
  let onLook = (facts: PageFacts) => {
    isLive = facts.network === "live"
    hasUnsaved = facts.hasUnsaved
    let mayWrite = access.mayWrite && facts.network !== "refused"
    editor.setMode(hint(facts, access), !mayWrite || (field !== CONTENT && !inspect.isDone()))
    heading.setWritable(!editor.view.state.readOnly)
    rights(facts)
    banner(facts)
    let hasAll = connection.attempt(replica => replica.waiting()) === 0
    since(facts, hasAll)
    if (facts.synced && hasAll) inspect.soon()
  }
  let status = new StatusView(connection, copy, () => access.mayWrite, onLook)
  let hasAny = () => (connection.attempt(replica => replica.snapshot())?.length ?? 0) > EMPTY_BYTES
  // The server may not know the document yet of which only a title has been written, and that here.
  let isInDoubt = () => !hasUnsaved && isDoubtful(text().iterLines()) && hasAny()
  let stop = (line: StatusLine) => {
    connection.attempt(replica => replica.close())
    editor.setMode("", true)
    heading.setWritable(false)
    status.fix(line)
  }
  let inspect = inspector(access, field, isInDoubt, plan => {
    follow(plan, name, stop)
    if (plan.do === "read") {
      let onRefused = () => status.fix(removedLine)
      endViews()
      showReading(byId("editor", HTMLElement), access, field, { onLines: title.show, onRefused })
    }
    status.refresh()
  })
  let screens = new Screens(connection, {
    onBroken(error) {
      console.error(error)
      status.showBroken()
    },
    onRecovered() {
      join()
      people.recovered()
      notice(messages.notice.recovered)
    },
    onLost: text => notice(messages.notice.replaced, { label: messages.notice.copy, text: () => text }),
  })
  let language = languageSwitch(name, written => {
    noteLanguage(written)
    title.soon()
  })
  let root = byId("editor", HTMLElement).attachShadow({ mode: "open" })
  let editor: Editor = mountEditor(root, root, screens, {
    name,
    settings,
    language: language.initially,
    extensions: [news(), images(picturesOf(access, () => isLive))],
    onEdit: () => status.refresh(),
    onPeers: people.report,
    onText() {
      title.soon()
      inspect.soon()
    },
  })
  // What is kept on this device is in the editor already.
  let isShown = text().length ? Promise.resolve() : firstText(connection)
  holdIdle(isShown)
  textActions(editor)
  pictureActions(editor.view)
  title.soon()
  if (text().length) inspect.soon()
  let since = sinceLastHere(keeping, editor.view)
  forgetting(name, keeping, title.stop)
  writingAids(editor.view)
  let endViews = readingAids(editor, name, access, title.title)
  let write = () => language.set(editor.view, about.language)
  about.onChange(write)
  write()
  access.onChange(() => status.refresh())
  keeping.onChange(() => status.refresh())
  connection.onWake(() => status.refresh())
  // Only then all that has arrived is shown.
  connection.onPulled(() => status.refresh())
  takeKeysFrom(access, connection)
  join()
  editor.view.focus()
  await isShown
  // The text goes without it.
  people.begin(editor.view, connection).catch(error => console.warn("who is here cannot be shown:", error))
}

/** Ends when the text has come from the server, or when waiting for it is not worth it. */
function firstText(connection: Connection): Promise<void> {
  return new Promise(resolve => {
    let end = () => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    let timer = setTimeout(end, TEXT_FIRST_MS)
    let stop = connection.onPulled(() => {
      let status = connection.attempt(replica => replica.status())
      if (status?.synced || status?.network === "offline" || status?.network === "refused") end()
      status?.free()
    })
  })
}

/** Lets the server know who is here, and the page how the server shows them. Returns how to join in. */
function introduction(access: Access, connection: Connection, people: ReturnType<typeof peopleView>) {
  let own: Person
  let introduce = () =>
    connection.attempt(replica => replica.setUser(own.name, own.color.color, own.color.light, own.id))
  let inProfile = profile(person => {
    own = person
    introduce()
    people.setPerson(person)
  })
  access.onChange(() => inProfile.showAs(access.you))
  people.onTaken(inProfile.recolor)
  return () => {
    introduce()
    connection.attempt(replica => replica.connect())
  }
}

function hint({ everSynced, network }: PageFacts, access: Access): string {
  if (everSynced && !access.mayWrite) return messages.editor.emptyReading
  if (everSynced) return access.mode === "open" ? messages.editor.empty : messages.editor.emptyShared
  return network === "offline" && access.mayWrite ? messages.editor.emptyOffline : messages.editor.loading
}

/** Does what a plan asks for; `stop` ends the connection and says why. */
function follow(plan: Plan, name: string, stop: (line: StatusLine) => void) {
  if (plan.do === "switch") location.replace(carryKey(name, pathOf(name, plan.to)))
  else if (plan.do === "choose") noticeOf(messages.notice.fields, addressesOf(name, plan.among))
  else if (plan.do === "refuse") stop(notTextLine)
  else if (plan.do === "read") stop(readingLine)
}

function addressesOf(name: string, fields: readonly string[]): ReadonlyMap<string, string> {
  return new Map(fields.map(field => [field, carryKey(name, pathOf(name, field))]))
}

function failed(error: unknown) {
  console.error(error)
  fail(messages.editor.failed)
}

function fail(words: string) {
  let status = byId("status", HTMLElement)
  status.dataset.state = "refused"
  status.textContent = words
  byId("share", HTMLElement).hidden = true
  byId("editor", HTMLElement).replaceChildren(element("p", "failed", words))
}
