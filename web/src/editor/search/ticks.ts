/**
 * Shows beside the scrollbar where in the whole text the matches are.
 * Knows the search; draws one path, however many there are.
 */
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import { searcher } from "./searcher"

/** More than this many are not told apart on any screen: then every so-and-so-many-th is drawn. */
const MOST = 2_000
const SVG = "http://www.w3.org/2000/svg"

/** Ticks at the right edge. */
export const ticks = ViewPlugin.define(view => new Ticks(view))

class Ticks {
  private readonly svg = document.createElementNS(SVG, "svg")
  private readonly path = document.createElementNS(SVG, "path")
  private readonly stopListening: () => void

  constructor(private readonly view: EditorView) {
    this.svg.classList.add("cm-searchTicks")
    this.svg.setAttribute("aria-hidden", "true")
    this.svg.append(this.path)
    view.dom.append(this.svg)
    this.stopListening = view.plugin(searcher)?.onChange(() => this.draw()) ?? (() => {})
  }

  update(update: ViewUpdate) {
    if (update.geometryChanged) this.draw()
  }

  destroy() {
    this.stopListening()
    this.svg.remove()
  }

  private draw() {
    this.view.requestMeasure({
      key: this,
      read: view => this.read(view),
      write: ({ top, height, path }) => {
        let { style } = this.svg
        style.setProperty("top", `${top}px`)
        style.setProperty("height", `${height}px`)
        this.path.setAttribute("d", path)
      },
    })
  }

  private read(view: EditorView) {
    let top = view.scrollDOM.offsetTop
    let height = view.scrollDOM.clientHeight
    let matches = view.plugin(searcher)?.matches
    let rows = new Set<number>()
    let step = Math.max(1, Math.ceil((matches?.count ?? 0) / MOST))
    let scale = height / Math.max(view.scrollDOM.scrollHeight, height)
    for (let i = 0; matches && i < matches.count; i += step) {
      let span = matches.at(i)
      if (!span) continue
      let block = view.lineBlockAt(span.from)
      // A long paragraph has its matches where their lines are, nearly.
      let within = block.length ? (span.from - block.from) / block.length : 0
      rows.add(Math.round((view.documentPadding.top + block.top + block.height * within) * scale))
    }
    return { top, height, path: [...rows].map(row => `M0 ${row}h6`).join("") }
  }
}
