/**
 * How the place of a picture on its way looks: a chip with its name and how far it is, for everybody who sees the text.
 * Knows whose upload it is by its id, and that nobody is left to finish it.
 */
import type { Range } from "@codemirror/state"
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view"
import { imageMessages } from "../../messages/images"
import type { Peer } from "../../peer"
import { peers } from "../peers"
import { type Placeholder, personTag, placeholdersIn, readId } from "./placeholder"
import { uploads, uploadsChanged } from "./uploads"

/** How long nobody may be here who could finish an upload before it is called unfinished. */
const AWAY_MS = 4_000
/** The longest that an upload takes, in minutes: the server waits no longer. */
const LONGEST = 20

/** Characters of a place, at most, for who draws it. */
const PLACE = 500

/** What is known of a place. */
interface Known {
  readonly name: string
  /** Sent from here, by somebody else, by nobody any more, or sent and then undone here. */
  readonly state: "own" | "other" | "stopped" | "undone"
  /** From 0 to 1. */
  readonly part: number
  /** Who sends it. */
  readonly by: string
  readonly isReadOnly: boolean
}

class Chip extends WidgetType {
  constructor(
    private readonly known: Known,
    private readonly id: string,
  ) {
    super()
  }

  override eq({ known, id }: Chip): boolean {
    return id === this.id && JSON.stringify(known) === JSON.stringify(this.known)
  }

  override toDOM(view: EditorView): HTMLElement {
    let chip = document.createElement("span")
    this.fill(chip, view)
    return chip
  }

  /** Progress moves on in the same element. */
  override updateDOM(chip: HTMLElement, view: EditorView, from: this): boolean {
    let { known, id } = from
    if (id !== this.id) return false
    if (known.state === this.known.state && known.isReadOnly === this.known.isReadOnly) this.move(chip)
    else this.fill(chip, view)
    return true
  }

  private fill(chip: HTMLElement, view: EditorView) {
    let { name, state, by, isReadOnly } = this.known
    chip.className = `cm-upload cm-upload-${state}`
    chip.title = state === "other" && by ? imageMessages.by(by) : ""
    let label = document.createElement("span")
    label.className = "cm-uploadName"
    label.textContent = labelOf(this.known)
    chip.replaceChildren(label)
    if (state === "own") {
      chip.append(bar(imageMessages.progress(name)))
      this.move(chip)
    } else if (state === "other") chip.append(dots())
    if (isReadOnly || state === "other") return
    let plugin = () => view.plugin(uploads)
    let upload = plugin()?.all.get(this.id)
    if (state === "undone" && upload) {
      chip.append(button(imageMessages.insertOf(name), imageMessages.insert, () => plugin()?.restore(upload)))
    }
    let close = state === "own" ? imageMessages.cancel(name) : imageMessages.remove(name)
    chip.append(button(close, "×", () => plugin()?.cancel(this.id)))
  }

  private move(chip: HTMLElement) {
    let bar = chip.querySelector<HTMLElement>("[role=progressbar]")
    let percent = String(Math.round(this.known.part * 100))
    bar?.setAttribute("aria-valuenow", percent)
    bar?.style.setProperty("--part", `${percent}%`)
  }
}

function labelOf({ name, state }: Known): string {
  if (state === "stopped") return imageMessages.stopped(name)
  return state === "undone" ? name : imageMessages.uploading(name)
}

function bar(label: string): HTMLElement {
  let bar = document.createElement("span")
  bar.className = "cm-uploadBar"
  bar.setAttribute("role", "progressbar")
  bar.setAttribute("aria-label", label)
  bar.setAttribute("aria-valuemin", "0")
  bar.setAttribute("aria-valuemax", "100")
  return bar
}

function dots(): HTMLElement {
  let dots = document.createElement("span")
  dots.className = "cm-uploadDots"
  dots.setAttribute("aria-hidden", "true")
  return dots
}

function button(label: string, words: string, onClick: () => void): HTMLButtonElement {
  let button = document.createElement("button")
  button.type = "button"
  button.className = "cm-uploadButton"
  button.setAttribute("aria-label", label)
  button.textContent = words
  // The text keeps the cursor.
  button.addEventListener("mousedown", event => event.preventDefault())
  button.addEventListener("click", onClick)
  return button
}

class Chips {
  decorations: DecorationSet
  private timer = 0
  /** Since when nobody is here who could finish an upload, by its id. */
  private readonly away = new Map<string, number>()

  constructor(private readonly view: EditorView) {
    this.decorations = this.draw()
  }

  update({ docChanged, viewportChanged, startState, state, transactions }: ViewUpdate) {
    let changed = transactions.some(tr => tr.effects.some(effect => effect.is(uploadsChanged)))
    let others = startState.field(peers) !== state.field(peers) && this.decorations.size > 0
    let rights = startState.readOnly !== state.readOnly
    if (docChanged || viewportChanged || changed || others || rights) this.decorations = this.draw()
  }

  destroy() {
    clearTimeout(this.timer)
  }

  private draw(): DecorationSet {
    let { state, visibleRanges } = this.view
    let chips: Range<Decoration>[] = []
    let drawn = 0
    for (let { from, to } of visibleRanges) {
      // A range may begin and end in the middle of a place.
      let start = Math.max(drawn, from - PLACE)
      for (let place of placeholdersIn(state.sliceDoc(start, to + PLACE), start)) {
        let widget = new Chip(this.know(place), place.id)
        chips.push(Decoration.replace({ widget }).range(place.from, place.to))
        drawn = place.to
      }
    }
    return Decoration.set(chips, true)
  }

  private know({ id, alt }: Placeholder): Known {
    let { state } = this.view
    let upload = this.view.plugin(uploads)?.all.get(id)
    let isReadOnly = state.readOnly
    let name = upload?.name ?? shortName(alt)
    if (upload) return { name, state: upload.path ? "undone" : "own", part: upload.part, by: "", isReadOnly }
    let { person, minutes } = readId(id)
    let by = state.field(peers).find(peer => tagOf(peer) === person)
    let isOver = minutes > LONGEST || (!by && this.isAway(id))
    if (by && !isOver) this.away.delete(id)
    return { name, state: isOver ? "stopped" : "other", part: 0, by: by?.name ?? "", isReadOnly }
  }

  /** Somebody who is just coming, or whose line has just broken, may still finish it. */
  private isAway(id: string): boolean {
    let since = this.away.get(id) ?? performance.now()
    this.away.set(id, since)
    if (performance.now() - since >= AWAY_MS) return true
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.view.dispatch({ effects: uploadsChanged.of(null) }), AWAY_MS)
    return false
  }
}

function tagOf(peer: Peer): string {
  let tag = tags.get(peer.id) ?? personTag(peer.id)
  tags.set(peer.id, tag)
  return tag
}

const tags = new Map<string, string>()

/** The name in what stands in the text while the picture comes. */
function shortName(alt: string | null): string {
  let [before = "", after = ""] = imageMessages.uploading("\n").split("\n")
  if (alt === null) return imageMessages.unnamed
  let isPlain = alt.startsWith(before) && alt.endsWith(after) && alt.length > before.length + after.length
  return (isPlain ? alt.slice(before.length, alt.length - after.length) : alt) || imageMessages.unnamed
}

/** Places of pictures as chips, which the cursor steps over. */
export const chips = ViewPlugin.fromClass(Chips, {
  decorations: plugin => plugin.decorations,
  provide: plugin => EditorView.atomicRanges.of(view => view.plugin(plugin)?.decorations ?? Decoration.none),
})
