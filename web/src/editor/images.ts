/**
 * Pictures brought into the text: pasted, dropped or chosen. Notices them, and loads what sends and shows them only then.
 * Knows neither the server nor the page; both are asked through its configuration.
 */
import { Compartment, type Extension, Facet, Prec, type Text } from "@codemirror/state"
import { EditorView, ViewPlugin } from "@codemirror/view"
import { messages } from "../messages"

/** What pictures need of the page. */
export interface ImagesConfig {
  /** The document they belong to. */
  readonly document: string
  /** What shows the server the right of this page. */
  headers(): Record<string, string>
  /** Whether something can be sent at the moment. */
  isOnline(): boolean
  /** Who the person here is, as the others know them. */
  person(): string
  /** Whether pictures are shown in the text, below the line that names them. */
  isShowing(): boolean
  /** Says something to the person; `retry` is offered to be done. */
  say(words: string, retry?: () => void): void
  /** Sees to it that the browser may read pictures again, when it may not any more. */
  renew(): Promise<void>
}

/** What the server takes. A phone that has other pictures turns them into one of these. */
export const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]

/** How pictures are done in this editor. */
export const imagesConfig = Facet.define<ImagesConfig>()

/** What a text has that has pictures, or some on their way. */
const SIGNS = ["uploading:", "/files/"]
/** What is loaded when it is needed. */
const loaded = new Compartment()

/** Takes pictures that are pasted or dropped, and shows those that the text names. */
export function images(config: ImagesConfig): Extension {
  return [
    imagesConfig.of(config),
    loaded.of([]),
    Prec.highest(EditorView.domEventHandlers({ paste, drop })),
    EditorView.updateListener.of(update => {
      if (!update.docChanged || isLoaded(update.view)) return
      update.changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
        if (hasSigns(inserted)) show(update.view)
      })
    }),
    ViewPlugin.define(view => {
      let timer = setTimeout(() => hasSigns(view.state.doc) && show(view))
      return { destroy: () => clearTimeout(timer) }
    }),
  ]
}

/** Brings pictures into the text, at the cursor unless it is said where. */
export async function insertImages(view: EditorView, files: readonly File[], at?: number) {
  let [config] = view.state.facet(imagesConfig)
  let offline = () => {
    let retry = () => void insertImages(view, files, at)
    config?.say(messages.pictures.offline(files.length), retry)
  }
  if (!config?.isOnline() && !view.state.readOnly) return offline()
  // What sends pictures comes over the network, too.
  let loading = await load(view).catch(() => null)
  if (loading) loading.insert(view, files, at)
  else offline()
}

/** Lets somebody choose pictures, in answer to what they have just pressed. */
export function chooseImages(view: EditorView) {
  let input = document.createElement("input")
  input.type = "file"
  input.multiple = true
  input.accept = PICTURES.join()
  input.hidden = true
  let end = () => input.remove()
  input.addEventListener("change", () => {
    end()
    insertImages(view, [...(input.files ?? [])])
    view.focus()
  })
  input.addEventListener("cancel", end)
  // Outside of the page no phone opens its picker.
  document.body.append(input)
  input.click()
}

/** Shows pictures in the text from now on, or no more. */
export async function refreshImages(view: EditorView) {
  if (isLoaded(view)) (await load(view)).refresh(view)
}

/** The pictures among what somebody pastes or drops. */
export function picturesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter(file => file.type.startsWith("image/"))
}

/** Whether words are meant: offices put a picture of them beside them. A file's name comes without markup. */
export function isWords(data: Pick<DataTransfer, "getData"> | null): boolean {
  return !!data?.getData("text/html") && !!data.getData("text/plain").trim()
}

function paste(event: ClipboardEvent, view: EditorView): boolean {
  let files = picturesIn(event.clipboardData)
  if (!files.length || isWords(event.clipboardData)) return false
  event.preventDefault()
  insertImages(view, files)
  return true
}

function drop(event: DragEvent, view: EditorView): boolean {
  let files = picturesIn(event.dataTransfer)
  if (!files.length) return false
  event.preventDefault()
  insertImages(view, files, view.posAtCoords({ x: event.clientX, y: event.clientY }, false))
  view.focus()
  return true
}

/** Without it the text is there all the same; the next sign of a picture tries again. */
function show(view: EditorView) {
  load(view).catch(() => {})
}

function isLoaded(view: EditorView): boolean {
  let extension = loaded.get(view.state)
  return !Array.isArray(extension) || extension.length > 0
}

async function load(view: EditorView) {
  let pictures = await import("./images/pictures")
  // Somebody may have asked for it meanwhile.
  if (!isLoaded(view)) view.dispatch({ effects: loaded.reconfigure(pictures.pictures()) })
  return pictures
}

function hasSigns(text: Text): boolean {
  if (text.length < 10) return false
  let all = text.toString()
  return SIGNS.some(sign => all.includes(sign))
}
