/**
 * The pictures that this page is sending: their places in the text, until each is there or will not come.
 * Knows the text and the server's answer; how a place looks is `chips.ts`.
 */
import { EditorSelection, StateEffect, type Transaction } from "@codemirror/state"
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import { imageMessages } from "../../messages/images"
import { redo, undo } from "../collab"
import { isMarkdown } from "../format/syntax"
import { type ImagesConfig, imagesConfig, PICTURES } from "../images"
import { withoutNotes } from "./bare"
import { findPlaceholder, nameOf, picture, placeholder, placeholdersIn, uploadId } from "./placeholder"
import { NotSent, send } from "./send"

/** Something about an upload has changed that shows. */
export const uploadsChanged = StateEffect.define<null>()

/** A picture of this page. */
export interface Upload {
  readonly id: string
  readonly file: File
  readonly name: string
  readonly stop: AbortController
  /** How much of it has gone, from 0 to 1. */
  part: number
  /** Where the picture is, once it is there. */
  path: string
  /** Nothing was typed here between its place and its picture: they are undone as one. */
  isStraight: boolean
}

/** At most so many are under way at once; the others wait. */
const AT_ONCE = 3

class Uploads {
  readonly all = new Map<string, Upload>()
  private waiting: Upload[] = []
  private sending = 0
  private readonly config: ImagesConfig
  /** Where a picture was to go that could not be sent. */
  private missed: { files: readonly File[]; at: number } | null = null

  constructor(private readonly view: EditorView) {
    let [config] = view.state.facet(imagesConfig)
    if (!config) throw new Error("pictures are not configured")
    this.config = config
  }

  update(update: ViewUpdate) {
    if (!update.docChanged) return
    if (this.missed) this.missed.at = update.changes.mapPos(this.missed.at)
    for (let tr of update.transactions) if (tr.docChanged) this.follow(tr)
  }

  destroy() {
    for (let { stop } of this.all.values()) stop.abort()
  }

  /** Puts places for pictures into the text, and sends them. */
  insert(files: readonly File[], at?: number) {
    let { state } = this.view
    if (state.readOnly) return this.config.say(imageMessages.readOnly)
    let good = files.filter(({ type }) => PICTURES.includes(type))
    let bad = files.find(file => !good.includes(file))
    if (bad) this.config.say(imageMessages.wrongType(bad.name))
    if (!good.length) return
    let { main } = state.selection
    let range = at === undefined ? main : EditorSelection.cursor(Math.min(at, state.doc.length))
    let uploads = good.map(file => this.begin(file))
    // In another language only the address means anything.
    let isNamed = isMarkdown(state)
    let insert = uploads.map(({ name, id }) => placeholder(name, id, isNamed)).join("\n")
    let changes = { from: range.from, to: range.to, insert: state.toText(insert) }
    let cursor = { anchor: range.from + insert.length }
    this.view.dispatch({ changes, selection: cursor, scrollIntoView: true, userEvent: "input.paste" })
    // What stands there by then counts: only now is anything typed after it.
    for (let upload of uploads) upload.isStraight = uploads.length === 1
    this.waiting.push(...uploads)
    this.sendMore()
  }

  /** Sends a picture no further, and takes its place away. */
  cancel(id: string) {
    let upload = this.all.get(id)
    if (upload) this.drop(upload)
    this.take(id, "")
    this.view.focus()
  }

  /** Puts a picture that is there already into its place again. */
  restore({ id, name, path }: Upload) {
    let place = findPlaceholder(this.view.state.doc, id)
    if (place) this.take(id, picture(place, name, path, location.origin))
    this.view.focus()
  }

  private begin(file: File): Upload {
    let id = uploadId(this.config.person())
    let name = nameOf(file.name)
    let upload = { id, file, name, stop: new AbortController(), part: 0, path: "", isStraight: false }
    this.all.set(id, upload)
    return upload
  }

  private sendMore() {
    while (this.sending < AT_ONCE) {
      let upload = this.waiting.shift()
      if (!upload) return
      this.sending++
      this.send(upload).finally(() => {
        this.sending--
        this.sendMore()
      })
    }
  }

  private async send(upload: Upload) {
    let { file, stop } = upload
    let onProgress = (part: number) => {
      upload.part = part
      this.show()
    }
    try {
      let { document } = this.config
      let bare = await withoutNotes(file)
      stop.signal.throwIfAborted()
      upload.path = await send(document, bare, this.config.headers(), onProgress, stop.signal)
      this.arrived(upload)
    } catch (error) {
      if (!stop.signal.aborted) this.failed(upload, error)
    }
  }

  private arrived(upload: Upload) {
    let { id, name, path } = upload
    let place = findPlaceholder(this.view.state.doc, id)
    if (!place) this.config.say(imageMessages.noPlace(name))
    // Whoever may not write any more leaves no picture: the server would not take it.
    else if (!this.view.state.readOnly) {
      this.take(id, picture(place, name, path, location.origin), imageMessages.arrived(name))
    }
  }

  private failed(upload: Upload, error: unknown) {
    if (!(error instanceof NotSent)) console.error(error)
    let why = error instanceof NotSent ? error.message : imageMessages.why.unknown
    this.all.delete(upload.id)
    let place = findPlaceholder(this.view.state.doc, upload.id)
    this.take(upload.id, "")
    let at = place?.from ?? this.view.state.selection.main.head
    this.miss(imageMessages.failed(upload.file.name, why), [upload.file], at)
  }

  /** Says that pictures could not be sent, and keeps them to be sent again to where they were to go. */
  private miss(words: string, files: readonly File[], at: number) {
    let missed = { files, at }
    this.missed = missed
    this.config.say(words, () => {
      if (this.missed === missed) this.missed = null
      this.insert(missed.files, missed.at)
    })
  }

  /** Puts something into the place of an upload, and says so to whoever does not see it. */
  private take(id: string, insert: string, words = "") {
    let place = findPlaceholder(this.view.state.doc, id)
    if (!place || this.view.state.readOnly) return this.show()
    let { from, to } = place
    this.view.dispatch({
      changes: { from, to, insert },
      effects: [uploadsChanged.of(null), ...(words ? [EditorView.announce.of(words)] : [])],
      userEvent: "input.replace",
    })
  }

  private show() {
    this.view.dispatch({ effects: uploadsChanged.of(null) })
  }

  /** Notes what is typed while pictures are under way, and undoes a place together with its picture. */
  private follow(tr: Transaction) {
    let isStep = tr.isUserEvent("undo") || tr.isUserEvent("redo")
    let isOwn =
      (tr.isUserEvent("input") || tr.isUserEvent("delete") || tr.isUserEvent("move")) && !isPlacing(tr)
    for (let upload of this.all.values()) {
      if (isOwn || (isStep && !upload.path)) upload.isStraight = false
      if ((isOwn || isStep) && !upload.path && isTakenAway(tr, upload.id)) this.drop(upload)
    }
    if (isStep) this.goOn(tr)
  }

  /** Whoever takes the place of a picture away wants no picture. */
  private drop(upload: Upload) {
    upload.stop.abort()
    this.waiting = this.waiting.filter(other => other !== upload)
    this.all.delete(upload.id)
  }

  private goOn(tr: Transaction) {
    let brought = ""
    tr.changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
      brought += inserted.toString()
    })
    let [place, more] = placeholdersIn(brought)
    let upload = place && this.all.get(place.id)
    if (!upload?.path || !upload.isStraight || more) return
    let again = tr.isUserEvent("undo") ? undo : redo
    // In the middle of an update nothing may be dispatched.
    setTimeout(() => again(this.view))
  }
}

/** Whether a transaction puts a place into the text, or something into it. */
function isPlacing(tr: Transaction): boolean {
  return tr.effects.some(effect => effect.is(uploadsChanged))
}

/** Whether a place was in what a transaction has deleted, and is nowhere now. */
function isTakenAway(tr: Transaction, id: string): boolean {
  let isDeleted = false
  tr.changes.iterChanges((fromA, toA) => {
    isDeleted ||= tr.startState.sliceDoc(fromA, toA).includes(id)
  })
  return isDeleted && !findPlaceholder(tr.newDoc, id)
}

/** What this page sends. */
export const uploads = ViewPlugin.fromClass(Uploads)
