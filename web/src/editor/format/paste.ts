/**
 * What comes from the clipboard into Markdown: an address over words becomes a link, rich text and cells are translated.
 * Knows no translation: that is loaded when the first such text is pasted. With Shift held, all comes in as it is.
 */
import { EditorSelection, type EditorState, type Extension, Prec } from "@codemirror/state"
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import { destination, isAddress } from "./address"
import { isCells, isRich } from "./clipboard"
import { canFormat, enclosing, literalAt } from "./syntax"

/** Translation of what is pasted. */
export function paste(): Extension {
  let plugin = ViewPlugin.define(view => new Pasting(view))
  return [
    plugin,
    Prec.high(
      EditorView.domEventHandlers({
        keydown: (event, view) => view.plugin(plugin)?.pressed(event),
        paste: (event, view) => view.plugin(plugin)?.pasted(event) ?? false,
      }),
    ),
  ]
}

class Pasting {
  private asItIs = false
  /** Where a translation that is being made will go. */
  private waiting: { from: number; to: number }[] = []

  constructor(private readonly view: EditorView) {}

  update({ docChanged, changes }: ViewUpdate) {
    if (!docChanged) return
    for (let place of this.waiting) {
      place.from = changes.mapPos(place.from, -1)
      place.to = changes.mapPos(place.to, 1)
    }
  }

  pressed({ key, shiftKey }: KeyboardEvent) {
    this.asItIs = shiftKey && key.toLowerCase() === "v"
    return false
  }

  pasted(event: ClipboardEvent): boolean {
    let { asItIs, view } = this
    this.asItIs = false
    let { clipboardData } = event
    if (asItIs || !clipboardData || !canFormat(view.state)) return false
    let text = clipboardData.getData("text/plain")
    if (!text || isLiteral(view.state)) return false
    if (pasteLink(view, text.trim())) return true
    let html = clipboardData.getData("text/html")
    if (!isRich(html, clipboardData.types) && !isCells(text)) return false
    this.translate(html, text)
    return true
  }

  private translate(html: string, text: string) {
    let { from, to } = this.view.state.selection.main
    let place = { from, to }
    this.waiting.push(place)
    let insert = (words: string) => {
      this.waiting = this.waiting.filter(other => other !== place)
      insertBlocks(this.view, place, words)
    }
    import("./translate").then(({ translated }) => insert(translated(html, text))).catch(() => insert(text))
  }
}

/** In code and in an address, what is pasted means itself. */
function isLiteral(state: EditorState): boolean {
  let { from, to } = state.selection.main
  return !!literalAt(state, from) || !!enclosing(state, from, to, "InlineCode", "URL")
}

function pasteLink(view: EditorView, address: string): boolean {
  let { state } = view
  let { ranges } = state.selection
  if (!isAddress(address) || !ranges.every(range => canBeLink(state, range.from, range.to))) return false
  let tr = state.changeByRange(({ from, to }) => {
    let insert = `[${state.doc.sliceString(from, to)}](${destination(address)})`
    return { changes: { from, to, insert }, range: EditorSelection.cursor(from + insert.length) }
  })
  view.dispatch(state.update(tr, { scrollIntoView: true, userEvent: "input.paste" }))
  return true
}

/** Words of one line, that are neither an address themselves nor part of a link. */
function canBeLink(state: EditorState, from: number, to: number): boolean {
  let words = state.doc.sliceString(from, to)
  if (!words.trim() || words.includes("\n") || isAddress(words.trim())) return false
  return !enclosing(state, from, to, "Link", "Image", "Autolink")
}

/** Inserts Markdown. What is more than words begins on a line of its own. */
function insertBlocks(view: EditorView, { from, to }: { from: number; to: number }, words: string) {
  let { state } = view
  let text = state.toText(words)
  let isBlock = text.lines > 1 || /^(?:#{1,6} |[-*+>] |\d+[.)] |\||```)/.test(words)
  let before = state.doc.lineAt(from).text.slice(0, from - state.doc.lineAt(from).from)
  let after = state.doc.lineAt(to).text.slice(to - state.doc.lineAt(to).from)
  let insert = state.toText(
    `${isBlock && before.trim() ? "\n\n" : ""}${words}${isBlock && after.trim() ? "\n\n" : ""}`,
  )
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    scrollIntoView: true,
    userEvent: "input.paste",
  })
}
