/**
 * The others in the text: what they have selected, where they write, and the report of where this person does.
 * Knows neither who they are nor how the news travels.
 */
import type { Extension } from "@codemirror/state"
import { type EditorView, type LayerMarker, layer, RectangleMarker, type ViewUpdate } from "@codemirror/view"
import type { Connection } from "../connection"
import { carets } from "./carets"
import { ownCursor } from "./own-cursor"
import { peers, rangeOf } from "./peers"

/** Remote carets and selections, and the report of one's own. */
export function presence(connection: Connection): Extension {
  return [
    peers,
    layer({ above: false, class: "cm-peerSelections", update: isStale, markers: selectionMarkers }),
    carets(),
    ownCursor(connection),
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

  update(element: HTMLElement, old: LayerMarker) {
    if (!(old instanceof Tinted)) return false
    if (old.color !== this.color) element.style.setProperty("--peer", this.color)
    return this.box.update(element, old.box)
  }
}
