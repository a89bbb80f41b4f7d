/**
 * Draws the others' carets with their names, which show after each move and fade. One element for each that is in sight,
 * measured together and moved only when its place has changed.
 * Knows neither who they are nor how the news travels.
 */
import { EditorSelection, type Extension } from "@codemirror/state"
import { EditorView, RectangleMarker, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import { messages } from "../messages"
import { inkOn } from "../palette"
import type { Peer } from "../peer"
import { levelsOf, widthOf } from "./name-levels"
import { peers, rangeOf } from "./peers"

/** How near the mouse must come to a caret to show its name, in pixels. */
const HOVER_PX = 10
/** How long a name stays after its caret has moved, before it fades. */
const NAME_MS = 2_200

/** The carets of the others. */
export function carets(): Extension {
  let plugin = ViewPlugin.define(view => new Carets(view))
  return [
    plugin,
    EditorView.domEventHandlers({
      mousemove(event, view) {
        view.plugin(plugin)?.hover(event)
        return false
      },
      mouseleave(_, view) {
        view.plugin(plugin)?.hover(null)
        return false
      },
    }),
  ]
}

/** Where a caret is, relative to the scrolled text. */
interface Place {
  readonly peer: Peer
  readonly left: number
  readonly top: number
  readonly height: number
  readonly leftwards: boolean
}

interface Drawn {
  readonly dom: HTMLElement
  readonly label: HTMLElement
  place: Place
  /** Until when its name is shown, on the page's clock. */
  named: number
  hovered: boolean
}

class Carets {
  private readonly dom = document.createElement("div")
  private readonly drawn = new Map<number, Drawn>()
  /** Carets may have moved that no report has moved. */
  private isStale = true
  private sweeping = 0
  private readonly measuring = {
    key: this,
    read: () => this.read(),
    write: (places: readonly Place[]) => this.write(places),
  }

  constructor(private readonly view: EditorView) {
    this.dom.className = "cm-layer cm-peerCarets"
    this.dom.ariaHidden = "true"
    view.scrollDOM.append(this.dom)
    view.requestMeasure(this.measuring)
  }

  update(update: ViewUpdate) {
    let reported = update.startState.field(peers) !== update.state.field(peers)
    if (update.geometryChanged || update.viewportChanged) this.isStale = true
    if (reported || this.isStale) this.view.requestMeasure(this.measuring)
  }

  destroy() {
    clearTimeout(this.sweeping)
    this.dom.remove()
  }

  /** Shows the names near the mouse. */
  hover(event: MouseEvent | null) {
    if (!this.drawn.size) return
    let { left, top } = this.view.scrollDOM.getBoundingClientRect()
    let { scrollLeft, scrollTop } = this.view.scrollDOM
    let changed = false
    for (let caret of this.drawn.values()) {
      let { place } = caret
      let x = event ? event.clientX - left + scrollLeft - place.left : Number.POSITIVE_INFINITY
      let y = event ? event.clientY - top + scrollTop - place.top : 0
      let near = Math.abs(x) < HOVER_PX && -HOVER_PX < y && y < place.height + HOVER_PX
      changed ||= near !== caret.hovered
      caret.hovered = near
    }
    if (changed) this.arrange()
  }

  private read(): readonly Place[] {
    let { view, isStale } = this
    this.isStale = false
    let { from, to } = view.viewport
    let places: Place[] = []
    for (let peer of view.state.field(peers)) {
      if (peer.head < from || to < peer.head) continue
      let known = this.drawn.get(peer.client)?.place
      let stays = !isStale && known?.peer.head === peer.head && known.peer.anchor === peer.anchor
      let place = known && stays ? { ...known, peer } : placeOf(view, peer)
      if (place) places.push(place)
    }
    return places
  }

  private write(places: readonly Place[]) {
    let { scaleX, scaleY } = this.view
    this.dom.style.transform = scaleX === 1 && scaleY === 1 ? "" : `scale(${1 / scaleX}, ${1 / scaleY})`
    let gone = new Set(this.drawn.keys())
    let news = false
    for (let place of places) {
      gone.delete(place.peer.client)
      if (this.draw(place)) news = true
    }
    for (let client of gone) {
      this.drawn.get(client)?.dom.remove()
      this.drawn.delete(client)
    }
    if (news || gone.size) this.arrange()
  }

  /** Draws a caret, or moves the one that is drawn; returns whether there is anything new about it. */
  private draw(place: Place): boolean {
    let { client, moves } = place.peer
    let caret = this.drawn.get(client)
    if (!caret) {
      let [dom, label] = [document.createElement("div"), document.createElement("div")]
      dom.className = "cm-peerCaret"
      label.className = "cm-peerName"
      dom.append(label)
      caret = { dom, label, place, named: 0, hovered: false }
      this.drawn.set(client, caret)
      dress(caret, place.peer)
      pose(caret, place)
      this.dom.append(dom)
    } else {
      let before = caret.place
      if (before.peer === place.peer && isSamePlace(before, place)) return false
      if (!isSamePerson(before.peer, place.peer)) dress(caret, place.peer)
      caret.place = place
      if (!isSamePlace(before, place)) pose(caret, place)
      if (before.peer.moves === moves) return !isSamePlace(before, place)
    }
    caret.named = performance.now() + NAME_MS
    this.sweepLater()
    return true
  }

  /** Shows and hides names, those that stand close together one above the other. */
  private arrange() {
    let now = performance.now()
    let shown = [...this.drawn.values()].filter(caret => caret.hovered || caret.named > now)
    let levels = levelsOf(
      shown.map(({ place }) => ({ ...place, width: widthOf(place.peer.name || messages.people.anonymous) })),
    )
    for (let caret of this.drawn.values()) {
      let level = levels[shown.indexOf(caret)]
      caret.dom.classList.toggle("cm-peerNamed", level !== undefined)
      if (level !== undefined) caret.label.style.setProperty("--level", String(level))
    }
  }

  private sweepLater() {
    if (this.sweeping) return
    this.sweeping = window.setTimeout(() => {
      this.sweeping = 0
      this.arrange()
      let now = performance.now()
      if ([...this.drawn.values()].some(({ named }) => named > now)) this.sweepLater()
    }, NAME_MS / 4)
  }
}

function placeOf(view: EditorView, peer: Peer): Place | null {
  let range = rangeOf(peer)
  if (!range) return null
  let [box] = RectangleMarker.forRange(view, "", EditorSelection.cursor(range.head, range.assoc))
  if (!box) return null
  let { left, top, height } = box
  let { offsetLeft, clientWidth } = view.contentDOM
  return { peer, left, top, height, leftwards: left - offsetLeft > clientWidth * 0.7 }
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.left === b.left && a.top === b.top && a.height === b.height && a.leftwards === b.leftwards
}

function isSamePerson(a: Peer, b: Peer): boolean {
  return a.id === b.id && a.name === b.name && a.color === b.color
}

/** Gives a caret the name and the colour of its owner. */
function dress({ dom, label }: Drawn, { name, color }: Peer) {
  label.textContent = name || messages.people.anonymous
  dom.style.setProperty("--peer", color)
  dom.style.setProperty("--peer-ink", inkOn(color))
}

function pose({ dom }: Drawn, { left, top, height, leftwards }: Place) {
  dom.style.transform = `translate(${left}px, ${top}px)`
  dom.style.height = `${height}px`
  dom.classList.toggle("cm-peerLeftwards", leftwards)
  dom.classList.toggle("cm-peerBelow", top < height)
}
