/**
 * Draws where the others write: their selections under the text, their carets and names above it; and tells
 * them where this person's own cursor is. Knows neither who they are nor how the news travels.
 */
import { EditorSelection, type Extension } from "@codemirror/state"
import {
  EditorView,
  type LayerMarker,
  layer,
  RectangleMarker,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view"
import type { Connection } from "../connection"
import { messages } from "../messages"
import { inkOn } from "../palette"
import { type Peer, peers, rangeOf } from "./peers"

/** How near the mouse must come to a caret to show its name, in pixels. */
const HOVER_PX = 10

/** Remote carets and selections, and the report of one's own. */
export function presence(connection: Connection): Extension {
  return [
    peers,
    layer({ above: false, class: "cm-peerSelections", update: isStale, markers: selectionMarkers }),
    layer({ above: true, class: "cm-peerCarets", update: isStale, markers: caretMarkers }),
    ViewPlugin.define(view => new OwnCursor(view, connection)),
    EditorView.domEventHandlers({ mousemove: (event, view) => showNameNear(event, view) }),
  ]
}

function isStale(update: ViewUpdate): boolean {
  return update.docChanged || update.startState.field(peers) !== update.state.field(peers)
}

function selectionMarkers(view: EditorView): readonly LayerMarker[] {
  return view.state.field(peers).flatMap(peer => {
    let range = rangeOf(peer)
    if (!range || range.empty) return []
    return RectangleMarker.forRange(view, "cm-peerSelection", range).map(box => new Tinted(box, peer.color))
  })
}

function caretMarkers(view: EditorView): readonly LayerMarker[] {
  return view.state.field(peers).flatMap(peer => {
    let range = rangeOf(peer)
    if (!range) return []
    let [box] = RectangleMarker.forRange(
      view,
      "cm-peerCaret",
      EditorSelection.cursor(range.head, range.assoc),
    )
    return box ? [new Caret(box, peer, box.left > view.contentDOM.clientWidth * 0.7)] : []
  })
}

/** A rectangle in a peer's colour. */
class Tinted implements LayerMarker {
  constructor(
    private readonly box: RectangleMarker,
    private readonly color: string,
  ) {}

  eq(other: Tinted) {
    return this.box.eq(other.box) && this.color === other.color
  }

  draw() {
    let element = this.box.draw()
    element.style.setProperty("--peer", this.color)
    return element
  }
}

/** A peer's caret with its name, which shows after each move and fades. */
class Caret implements LayerMarker {
  constructor(
    private readonly box: RectangleMarker,
    private readonly peer: Peer,
    private readonly leftwards: boolean,
  ) {}

  eq(other: Caret) {
    return this.isSamePerson(other) && this.box.eq(other.box) && this.peer.moves === other.peer.moves
  }

  draw() {
    let element = this.box.draw()
    let label = document.createElement("div")
    label.className = "cm-peerName"
    label.textContent = this.peer.name || messages.people.anonymous
    element.append(label)
    element.style.setProperty("--peer", this.peer.color)
    element.style.setProperty("--peer-ink", inkOn(this.peer.color))
    this.pose(element)
    return element
  }

  update(element: HTMLElement, old: LayerMarker) {
    if (!(old instanceof Caret) || !this.isSamePerson(old)) return false
    this.box.update(element, old.box)
    this.pose(element)
    return true
  }

  private isSamePerson({ peer }: Caret): boolean {
    let { client, id, name, color } = this.peer
    return client === peer.client && id === peer.id && name === peer.name && color === peer.color
  }

  private pose(element: HTMLElement) {
    // Two names for one animation: changing between them is what starts it again.
    element.classList.toggle("cm-peerMoved", this.peer.moves % 2 === 1)
    element.classList.toggle("cm-peerLeftwards", this.leftwards)
    element.classList.toggle("cm-peerBelow", this.box.top < this.box.height)
  }
}

/** Reports the main selection after the frame that shows it, so that no key waits for it. */
class OwnCursor {
  private scheduled = false

  constructor(
    private readonly view: EditorView,
    private readonly connection: Connection,
  ) {}

  update(update: ViewUpdate) {
    if (this.scheduled || !(update.selectionSet || update.docChanged || update.focusChanged)) return
    this.scheduled = true
    let report = () => this.report()
    if (document.hidden) setTimeout(report)
    else requestAnimationFrame(report)
  }

  private report() {
    this.scheduled = false
    let { anchor, head } = this.view.state.selection.main
    let { hasFocus } = this.view
    this.connection.attempt(replica => (hasFocus ? replica.setCursor(anchor, head) : replica.clearCursor()))
  }
}

function showNameNear(event: MouseEvent, view: EditorView): boolean {
  for (let caret of view.scrollDOM.querySelectorAll(".cm-peerCaret")) {
    let { left, top, bottom } = caret.getBoundingClientRect()
    let near =
      Math.abs(event.clientX - left) < HOVER_PX &&
      top - HOVER_PX < event.clientY &&
      event.clientY < bottom + HOVER_PX
    caret.classList.toggle("cm-peerHover", near)
  }
  return false
}
