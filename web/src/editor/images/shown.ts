/**
 * Pictures in the text itself: each below the line that names it, its long address cut short.
 * Knows addresses of this server; nothing of other sites is asked for, which would tell them who reads.
 */
import {
  type EditorState,
  type Extension,
  type Range,
  StateEffect,
  StateField,
  type Transaction,
} from "@codemirror/state"
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view"
import { imageMessages } from "../../messages/images"
import { isMarkdown } from "../format/syntax"
import { imagesConfig } from "../images"

/** Pictures are to be shown from now on, or no more. */
export const showingChanged = StateEffect.define<null>()

const HASH = "[0-9a-f]{64}"
const NAMED = new RegExp(
  String.raw`!\[([^\]\n]{0,300})\]\((/api/docs/[-\w.~%]{1,4000}/files/(${HASH}\.(?:png|jpg|gif|webp|avif)))\)`,
  "g",
)
/** Pixels of the largest picture in the text; it is kept free until the picture is there, so that nothing jumps. */
const HEIGHT = 240
/** Pixels above and below a picture. */
const MARGIN = 8

/** So many changes at once are no fewer than all lines. */
const MANY = 200

/** How high pictures are that were seen before, by their names. */
const heights = new Map<string, number>()

/** Pictures below the lines that name them. */
export function shown(): Extension {
  return [field, EditorView.atomicRanges.of(view => view.state.field(field).addresses)]
}

interface Shown {
  readonly pictures: DecorationSet
  /** What of an address is cut short. */
  readonly addresses: DecorationSet
}

const NOTHING: Shown = { pictures: Decoration.none, addresses: Decoration.none }

const field = StateField.define<Shown>({
  create: state => draw(state),
  update(value, tr) {
    let isNew = tr.effects.some(effect => effect.is(showingChanged))
    if (isNew || isMarkdown(tr.startState) !== isMarkdown(tr.state)) return draw(tr.state)
    return tr.docChanged ? redrawn(value, tr) : value
  },
  provide: field => [
    EditorView.decorations.from(field, ({ pictures }) => pictures),
    EditorView.decorations.from(field, ({ addresses }) => addresses),
  ],
})

function isShowing(state: EditorState): boolean {
  return isMarkdown(state) && (state.facet(imagesConfig)[0]?.isShowing() ?? false)
}

function draw(state: EditorState): Shown {
  if (!isShowing(state)) return NOTHING
  let pictures: Range<Decoration>[] = []
  let addresses: Range<Decoration>[] = []
  let from = 0
  for (let text of state.doc.iterLines()) {
    lineOf(text, from, pictures, addresses)
    from += text.length + 1
  }
  return { pictures: Decoration.set(pictures), addresses: Decoration.set(addresses) }
}

/** Only the lines that have changed are looked at. */
function redrawn(before: Shown, tr: Transaction): Shown {
  if (!isShowing(tr.state)) return NOTHING
  let { doc } = tr.state
  let count = 0
  tr.changes.iterChangedRanges(() => count++)
  if (count > MANY) return draw(tr.state)
  let { pictures, addresses } = before
  ;[pictures, addresses] = [pictures.map(tr.changes), addresses.map(tr.changes)]
  tr.changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    let filterFrom = doc.lineAt(fromB).from
    let filterTo = doc.lineAt(toB).to
    let morePictures: Range<Decoration>[] = []
    let moreAddresses: Range<Decoration>[] = []
    for (let at = filterFrom; at <= filterTo; ) {
      let line = doc.lineAt(at)
      lineOf(line.text, line.from, morePictures, moreAddresses)
      at = line.to + 1
    }
    let filter = () => false
    pictures = pictures.update({ add: morePictures, filter, filterFrom, filterTo })
    addresses = addresses.update({ add: moreAddresses, filter, filterFrom, filterTo })
  })
  return { pictures, addresses }
}

function lineOf(text: string, from: number, pictures: Range<Decoration>[], addresses: Range<Decoration>[]) {
  if (!text.includes("/files/")) return
  for (let match of text.matchAll(NAMED)) {
    let [whole, alt = "", path = "", name = ""] = match
    let end = from + match.index + whole.length - 1
    addresses.push(Decoration.replace({ widget: new Address(name) }).range(end - path.length, end))
    let picture = Decoration.widget({ widget: new Picture(path, name, alt), block: true, side: 1 })
    pictures.push(picture.range(from + text.length))
  }
}

/** The end of an address, which is all that tells one from another. */
class Address extends WidgetType {
  constructor(private readonly name: string) {
    super()
  }

  override eq({ name }: Address): boolean {
    return name === this.name
  }

  override toDOM(): HTMLElement {
    let short = document.createElement("span")
    short.className = "cm-address"
    let [hash = "", kind = ""] = this.name.split(".")
    short.textContent = `${hash.slice(0, 6)}….${kind}`
    return short
  }
}

class Picture extends WidgetType {
  constructor(
    private readonly path: string,
    private readonly name: string,
    private readonly alt: string,
  ) {
    super()
  }

  override eq({ path, alt }: Picture): boolean {
    return path === this.path && alt === this.alt
  }

  override get estimatedHeight(): number {
    return (heights.get(this.name) ?? HEIGHT) + 2 * MARGIN
  }

  override toDOM(view: EditorView): HTMLElement {
    let frame = document.createElement("div")
    frame.className = "cm-picture"
    let image = document.createElement("img")
    image.alt = imageMessages.shown(this.alt)
    image.decoding = "async"
    image.draggable = false
    frame.style.setProperty("--height", `${heights.get(this.name) ?? HEIGHT}px`)
    frame.style.setProperty("--most", `${HEIGHT}px`)
    image.addEventListener("load", () => this.fits(image, frame, view))
    image.addEventListener("error", () => this.failed(image, frame, view), { once: true })
    image.src = this.path
    frame.append(image)
    return frame
  }

  override updateDOM(frame: HTMLElement, _view: EditorView, { path }: this): boolean {
    let image = frame.querySelector("img")
    if (path !== this.path || !image) return false
    image.alt = imageMessages.shown(this.alt)
    return true
  }

  /** A click beside a picture is one into the text. */
  override ignoreEvent(): boolean {
    return false
  }

  /** From here on it takes the room that it needs. */
  private fits(image: HTMLImageElement, frame: HTMLElement, view: EditorView) {
    frame.style.setProperty("--height", "0px")
    view.requestMeasure({ read: () => heights.set(this.name, image.offsetHeight || HEIGHT) })
  }

  /** The right to see it may have to be shown anew; once. */
  private failed(image: HTMLImageElement, frame: HTMLElement, view: EditorView) {
    let give = () => {
      frame.classList.add("cm-pictureGone")
      frame.style.setProperty("--height", "0px")
      frame.textContent = imageMessages.gone
      view.requestMeasure()
    }
    let [config] = view.state.facet(imagesConfig)
    if (!config) return give()
    image.addEventListener("error", give)
    config.renew().then(() => {
      image.src = this.path
    }, give)
  }
}
