/**
 * The page of one document for frames on other sites' pages: the text, and one line about it. Its address says how.
 * Knows every part and does none of their work. It leaves nothing in the browser, where others' frames may have no storage.
 */
import { About } from "./about"
import { openConnection } from "./connection"
import { type Editor, mountEditor } from "./editor/editor"
import { images } from "./editor/images"
import { languageSwitch } from "./editor/language"
import { news } from "./editor/news"
import { messages } from "./messages"
import { Access } from "./page/access"
import { nameEmbedded, pathOf } from "./page/document-name"
import { byId, element } from "./page/dom"
import { type EmbedOptions, embedOptions } from "./page/embed-options"
import { insistently, whenIdle } from "./page/idle"
import { carryKey } from "./page/keys"
import { noteLanguage } from "./page/language-view"
import { followLook } from "./page/look"
import { takeKeysFrom } from "./page/new-key"
import { notice } from "./page/notice"
import { peopleView } from "./page/people-view"
import { keepPerson, ownPerson } from "./page/person"
import { pictureActions, picturesOf } from "./page/pictures"
import { profile } from "./page/profile"
import { rightsView } from "./page/rights"
import { settings } from "./page/settings"
import type { PageFacts } from "./page/status"
import { StatusView } from "./page/status-line"
import { closeStorage } from "./page/storage"
import { followTheme } from "./page/theme"
import { inFrame } from "./page/tickets"
import { Unkept } from "./page/unkept"
import { followKeyboard } from "./page/viewport"
import { Screens } from "./screens"

const WASM = new URL("../wasm/codraft_client_bg.wasm", import.meta.url)

/** After this time what helps writing is loaded, whether the page has time or not. */
const LATEST_MS = 1_500

/** The right to a document, of which less may be made use of than it allows. */
class EmbeddedAccess extends Access {
  constructor(
    document: string,
    private readonly isReadOnly: boolean,
  ) {
    super(document)
  }

  override get mayWrite(): boolean {
    return super.mayWrite && !this.isReadOnly
  }
}

closeStorage()
inFrame()
let name = nameEmbedded(location.pathname)
if (name) open(name, embedOptions(location.search)).catch(failed)
else fail(messages.editor.badName)

async function open(name: string, options: EmbedOptions) {
  settings.set(options.settings)
  followTheme()
  followLook()
  followKeyboard()
  document.title = messages.pageTitle(name)
  let access = new EmbeddedAccess(name, options.isReadOnly)
  wayOut(name, options.field)
  let host = byId("editor", HTMLElement)
  host.lang = options.lang
  host.dir = options.dir
  let copy = new Unkept()
  let connection = await openConnection(WASM, access, options.field, { isNew: Promise.resolve(true) })
  let people = peopleView(access)
  let rights = rightsView(access, copy, () => editor.view.state.doc.toString())
  let isLive = false
  let status = new StatusView(
    connection,
    copy,
    () => access.mayWrite,
    facts => {
      isLive = facts.network === "live"
      editor.setMode(hint(facts, access, options), !access.mayWrite || facts.network === "refused")
      rights(facts)
    },
  )
  let join = introduction(options, access, people, connection)
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
  let language = languageSwitch(name, noteLanguage)
  let root = host.attachShadow({ mode: "open" })
  let editor: Editor = mountEditor(root, root, screens, {
    name,
    settings,
    language: language.initially,
    extensions: [news(), images(picturesOf(access, () => isLive))],
    onEdit: () => status.refresh(),
    onPeers: people.report,
    onText: () => {},
  })
  pictureActions(editor.view)
  let about = new About(connection)
  let write = () => language.set(editor.view, about.language || options.language)
  about.onChange(write)
  write()
  access.onChange(() => status.refresh())
  connection.onWake(() => status.refresh())
  connection.onPulled(() => status.refresh())
  takeKeysFrom(access, connection)
  join()
  aids(editor, name, access, options)
  if (options.hasPresence) {
    people.begin(editor.view, connection).catch(error => console.warn("who is here cannot be shown:", error))
  }
}

/** Brings what is not needed for the first letter. */
function aids(editor: Editor, name: string, access: Access, { view, settings }: EmbedOptions) {
  byId("above", HTMLElement).classList.toggle("kept", settings.toolbar)
  whenIdle(() => {
    insistently(() => import("./page/embed-aids")).then(({ embedAids }) => embedAids(editor.view))
  }, LATEST_MS)
  let title = () => name
  insistently(() => import("./page/embed-views")).then(({ embedViews }) =>
    embedViews(editor, name, access, title, view),
  )
}

/** Lets the server know who is here: whom the address says, until they say otherwise. Returns how to join in. */
function introduction(
  { userName, userColor }: EmbedOptions,
  access: Access,
  people: ReturnType<typeof peopleView>,
  connection: Awaited<ReturnType<typeof openConnection>>,
) {
  let stranger = ownPerson()
  let person = stranger
  if (userName) keepPerson({ ...stranger, name: userName })
  let introduce = () => {
    let { name, id, color } = person
    connection.attempt(replica => replica.setUser(name, color.color, color.light, id))
  }
  let inProfile = profile(({ name, id, color, hasChosen }) => {
    // The colour of the address counts until this person chooses one.
    let isAsked = userColor && color.key === stranger.color.key
    let asked = { key: color.key, color: userColor, light: `${userColor}33` }
    person = { name, id, color: isAsked ? asked : color, hasChosen }
    introduce()
    people.setPerson(person)
  })
  access.onChange(() => inProfile.showAs(access.you))
  if (!userColor) people.onTaken(inProfile.recolor)
  return () => {
    introduce()
    connection.attempt(replica => replica.connect())
  }
}

/** The document on a page of its own, with the key that this one has. */
function wayOut(name: string, field: string) {
  let link = byId("open", HTMLAnchorElement)
  let lead = () => {
    link.href = carryKey(name, pathOf(name, field))
  }
  // Only while it is used: an address with a key in it is not left about.
  for (let type of ["pointerdown", "keydown"]) link.addEventListener(type, lead)
  link.href = pathOf(name, field)
}

function hint({ everSynced, network }: PageFacts, access: Access, { placeholder }: EmbedOptions): string {
  if (everSynced && placeholder) return placeholder
  if (everSynced) return access.mayWrite ? messages.embed.empty : messages.editor.emptyReading
  return network === "offline" && access.mayWrite ? messages.editor.emptyOffline : messages.editor.loading
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
