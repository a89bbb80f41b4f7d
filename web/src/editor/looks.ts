/**
 * How Markdown stands on the page beyond its letters: wrapped lines hang under their words, code and quotes have a
 * ground, tasks a box, and each line the direction of its own words.
 * Knows only the lines on the screen, and changes no text but a task's tick.
 */
import { syntaxTree } from "@codemirror/language"
import { type EditorState, type Extension, type Line, type Range, RangeSet } from "@codemirror/state"
import {
  Decoration,
  type DecorationSet,
  Direction,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view"
import type { SyntaxNodeRef } from "@lezer/common"
import { messages } from "../messages"
import { isMac } from "../page/key-names"
import { directionOf, hasRtl } from "./direction"
import { addressAt, openable } from "./format/address"
import { leadOf, openingOf, openingText } from "./format/items"
import { canFormat } from "./format/syntax"
import { boxOf } from "./format/tasks"
import { Ruler } from "./ruler"

/** Lines looked at for the direction that one without letters takes over. */
const DIRECTION_REACH = 20

/** The looks of Markdown, and the mouse on its boxes and links. */
export function looks(): Extension {
  let plugin = ViewPlugin.fromClass(Looks, { decorations: looks => looks.decorations })
  return [
    plugin,
    EditorView.perLineTextDirection.of(true),
    EditorView.bidiIsolatedRanges.of(view => view.plugin(plugin)?.isolates ?? Decoration.none),
    EditorView.domEventHandlers({
      mousedown: (event, view) => tick(event, view) || follow(event, view),
      mousemove: showMayFollow,
      keydown: showMayFollow,
      keyup: showMayFollow,
    }),
  ]
}

const task = Decoration.mark({ class: "cm-task" })
const ticked = Decoration.mark({ class: "cm-task cm-ticked" })
const code = Decoration.mark({ class: "cm-inlineCode" })
const indent = Decoration.mark({ class: "cm-indent" })
const address = Decoration.mark({
  class: "cm-address",
  attributes: { title: messages.editor.follow(isMac ? "⌘" : "Ctrl") },
})
const isolate = Decoration.mark({ attributes: { dir: "ltr" }, bidiIsolate: Direction.LTR })
const LINES: Record<string, string> = {
  FencedCode: "cm-fence",
  CodeBlock: "cm-fence",
  Table: "cm-table",
  Blockquote: "cm-quote",
}

/** What the lines of blocks look like, by where they begin. */
type Blocks = Map<number, string>

class Looks {
  decorations: DecorationSet = Decoration.none
  isolates: DecorationSet = Decoration.none
  private readonly ruler: Ruler

  constructor(view: EditorView) {
    this.ruler = new Ruler(view)
    this.look(view)
  }

  update(update: ViewUpdate) {
    let parsed = syntaxTree(update.startState) !== syntaxTree(update.state)
    let remeasured = update.geometryChanged && this.ruler.isStale()
    if (update.docChanged || update.viewportChanged || update.selectionSet || parsed || remeasured)
      this.look(update.view)
  }

  private look(view: EditorView) {
    let ranges: Range<Decoration>[] = []
    let isolates: Range<Decoration>[] = []
    for (let { from, to } of view.visibleRanges) {
      let blocks: Blocks = new Map()
      let rtl = hasRtl(view.state.doc.sliceString(from, to))
      syntaxTree(view.state).iterate({
        from,
        to,
        enter: node => {
          if (LINES[node.name]) classify(view.state, node, from, to, blocks)
          else mark(view.state, node, ranges, rtl ? isolates : null)
          // What is in code is another grammar's, which may call its own things by the same names.
          return LINES[node.name] !== "cm-fence"
        },
      })
      this.lookAtLines(view.state, from, to, { blocks, rtl, ranges })
    }
    this.decorations = Decoration.set(ranges, true)
    this.isolates = RangeSet.of(isolates, true)
    if (isolates.length) this.decorations = RangeSet.join([this.decorations, this.isolates])
  }

  private lookAtLines(
    state: EditorState,
    from: number,
    to: number,
    { blocks, rtl, ranges }: { blocks: Blocks; rtl: boolean; ranges: Range<Decoration>[] },
  ) {
    for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
      let classes = blocks.get(line.from) ?? ""
      let isCode = classes.includes("cm-fence")
      let attributes: Record<string, string> = {}
      if (classes) attributes.class = classes
      if (isCode) attributes.spellcheck = "false"
      else if (rtl && !classes.includes("cm-table") && isRtl(state, line)) attributes.dir = "rtl"
      let hang = isCode ? 0 : this.ruler.width(marksOf(line.text))
      let space = hang ? (/^\s+/.exec(line.text)?.[0].length ?? 0) : 0
      if (space) ranges.push(indent.range(line.from, line.from + space))
      if (hang) attributes.style = `--hang: ${hang}px`
      if (hang) attributes.class = `${classes} cm-hang`
      if (attributes.class || attributes.dir) ranges.push(Decoration.line({ attributes }).range(line.from))
      if (line.to >= to || line.number === state.doc.lines) break
    }
  }
}

/** Notes the class of a block for each of its lines on the screen. */
function classify({ doc }: EditorState, node: SyntaxNodeRef, from: number, to: number, blocks: Blocks) {
  let name = LINES[node.name] ?? ""
  let [first, last] = [doc.lineAt(node.from), doc.lineAt(node.to)]
  for (let line = doc.lineAt(Math.max(first.from, from)); ; line = doc.line(line.number + 1)) {
    let edges = `${line.from === first.from ? ` ${name}First` : ""}${line.from === last.from ? ` ${name}Last` : ""}`
    let outer = blocks.get(line.from)
    if (!outer?.includes(name)) blocks.set(line.from, `${outer ? `${outer} ` : ""}${name}${edges}`)
    if (line.to >= Math.min(last.to, to)) return
  }
}

function mark(
  state: EditorState,
  node: SyntaxNodeRef,
  ranges: Range<Decoration>[],
  isolates: Range<Decoration>[] | null,
) {
  let { name, from, to } = node
  if (from === to) return
  if (name === "TaskMarker") {
    if (isTouched(state, from, to)) return
    ranges.push((state.doc.sliceString(from + 1, to - 1) === " " ? task : ticked).range(from, to))
  } else if (name === "InlineCode") {
    ranges.push(code.range(from, to))
    isolates?.push(isolate.range(from, to))
  } else if (name === "URL") {
    let { parent } = node.node
    let whole = parent?.name === "Link" ? parent : node
    if (openable(state.doc.sliceString(from, to))) ranges.push(address.range(whole.from, whole.to))
    isolates?.push(isolate.range(from, to))
  }
}

/** Where the cursor is, the text shows as it is. */
function isTouched({ selection }: EditorState, from: number, to: number): boolean {
  return (
    selection.ranges.some(range => range.from < to && from < range.to) ||
    (from < selection.main.head && selection.main.head < to)
  )
}

/** What wrapped lines hang beside: the marks of quotes and items, with the space before words. */
function marksOf(text: string): string {
  let opening = openingOf(text)
  return opening ? openingText(opening) : ((leadOf(text) || /^\s*/.exec(text)?.[0]) ?? "")
}

/** A line without letters goes the way of the one before it. */
function isRtl({ doc }: EditorState, line: Line): boolean {
  for (let n = line.number; n > 0 && line.number - n < DIRECTION_REACH; n--) {
    let text = n === line.number ? line.text : doc.line(n).text
    let direction = directionOf(text)
    if (direction) return direction === "rtl"
    if (!text.trim() && n < line.number) return false
  }
  return false
}

function tick(event: MouseEvent, view: EditorView): boolean {
  if (!(event.target instanceof HTMLElement) || event.button !== 0 || !canFormat(view.state)) return false
  let box = event.target.closest(".cm-task")
  if (!box) return false
  let found = boxOf(view.state, view.state.doc.lineAt(view.posAtDOM(box)))
  if (!found) return false
  let changes = { from: found.from, to: found.from + 1, insert: found.ticked ? " " : "x" }
  view.dispatch({ changes, userEvent: "input.format" })
  return true
}

/** Opens the link under the mouse, for somebody who holds the key that means more than a click. */
function follow(event: MouseEvent, view: EditorView): boolean {
  if (event.button !== 0 || !mayFollow(event)) return false
  let pos = view.posAtCoords({ x: event.clientX, y: event.clientY })
  let found = pos === null ? null : addressAt(view.state, pos)
  if (!found) return false
  window.open(found, "_blank", "noopener,noreferrer")
  return true
}

function mayFollow(event: MouseEvent | KeyboardEvent): boolean {
  return (isMac ? event.metaKey : event.ctrlKey) && !event.shiftKey && !event.altKey
}

function showMayFollow(event: MouseEvent | KeyboardEvent, view: EditorView) {
  view.scrollDOM.classList.toggle("cm-mayFollow", mayFollow(event))
}
