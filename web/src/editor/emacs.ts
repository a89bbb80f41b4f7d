/**
 * Emacs' keys: its motions, a mark, killing and yanking, and its names for finding and undoing.
 * Knows the editor's own commands, and no settings. What a browser keeps for itself (Ctrl-N, Ctrl-T, Ctrl-W) stays there.
 */
import * as commands from "@codemirror/commands"
import { EditorSelection, type Extension, StateEffect, StateField, Transaction } from "@codemirror/state"
import { type Command, EditorView, type KeyBinding, keymap } from "@codemirror/view"
import { actions } from "../actions"
import { redo, undo } from "./collab"
import { openSearch } from "./search-keys"

/** What was killed, latest first; shared by all editors of the page, as in Emacs. */
const ring: string[] = []
const LONGEST_RING = 60
/** Where in the ring the last yank was, and what it put where. */
let yanked: { at: number; from: number; to: number } | null = null

const setMark = StateEffect.define<boolean>()

/** Whether moving selects. A change of the text by this person ends that. */
const mark = StateField.define<boolean>({
  create: () => false,
  update(isSet, tr) {
    for (let effect of tr.effects) if (effect.is(setMark)) return effect.value
    return (
      isSet && !(tr.docChanged && !tr.annotation(Transaction.remote)) && !tr.isUserEvent("select.pointer")
    )
  },
})

/** The keys. */
export function emacsKeys(): Extension {
  let catchCopies = EditorView.domEventHandlers({
    copy: (_, view) => remember(selectedIn(view)),
    cut: (_, view) => remember(selectedIn(view)),
  })
  return [mark, catchCopies, keymap.of([...motions, ...changes, ...others])]
}

/** A motion that selects while the mark is set. */
function motion(key: string, move: Command, select: Command): KeyBinding {
  return { key, run: view => (view.state.field(mark) ? select : move)(view), preventDefault: true }
}

const motions: readonly KeyBinding[] = [
  motion("Ctrl-f", commands.cursorCharForward, commands.selectCharForward),
  motion("Ctrl-b", commands.cursorCharBackward, commands.selectCharBackward),
  motion("Ctrl-n", commands.cursorLineDown, commands.selectLineDown),
  motion("Ctrl-p", commands.cursorLineUp, commands.selectLineUp),
  motion("Ctrl-a", commands.cursorLineStart, commands.selectLineStart),
  motion("Ctrl-e", commands.cursorLineEnd, commands.selectLineEnd),
  motion("Alt-f", commands.cursorGroupForward, commands.selectGroupForward),
  motion("Alt-b", commands.cursorGroupBackward, commands.selectGroupBackward),
  motion("Alt-m", commands.cursorLineBoundaryBackward, commands.selectLineBoundaryBackward),
  motion("Ctrl-v", commands.cursorPageDown, commands.selectPageDown),
  motion("Alt-v", commands.cursorPageUp, commands.selectPageUp),
  motion("Alt-<", commands.cursorDocStart, commands.selectDocStart),
  motion("Alt->", commands.cursorDocEnd, commands.selectDocEnd),
  ...["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].map((key, i) => {
    let pairs: readonly [Command, Command][] = [
      [commands.cursorCharLeft, commands.selectCharLeft],
      [commands.cursorCharRight, commands.selectCharRight],
      [commands.cursorLineUp, commands.selectLineUp],
      [commands.cursorLineDown, commands.selectLineDown],
      [commands.cursorLineBoundaryBackward, commands.selectLineBoundaryBackward],
      [commands.cursorLineBoundaryForward, commands.selectLineBoundaryForward],
    ]
    let [move, select] = pairs[i] ?? [commands.cursorCharLeft, commands.selectCharLeft]
    return motion(key, move, select)
  }),
]

const changes: readonly KeyBinding[] = [
  { key: "Ctrl-d", run: commands.deleteCharForward, preventDefault: true },
  { key: "Ctrl-h", run: commands.deleteCharBackward, preventDefault: true },
  { key: "Ctrl-o", run: commands.splitLine, preventDefault: true },
  { key: "Ctrl-j", run: commands.insertNewlineAndIndent, preventDefault: true },
  { key: "Ctrl-k", run: kill(lineEnd), preventDefault: true },
  { key: "Alt-d", run: kill(by(commands.selectGroupForward)), preventDefault: true },
  { key: "Alt-Backspace", run: kill(by(commands.selectGroupBackward)), preventDefault: true },
  { key: "Ctrl-w", run: kill(view => view.state.selection.main), preventDefault: true },
  { key: "Alt-w", run: copy, preventDefault: true },
  { key: "Ctrl-y", run: yank, preventDefault: true },
  { key: "Alt-y", run: yankBefore, preventDefault: true },
  { key: "Ctrl-/", run: undo, shift: redo, preventDefault: true },
  { key: "Ctrl-_", run: undo, preventDefault: true },
  { key: "Ctrl-x u", run: undo, preventDefault: true },
  { key: "Alt-_", run: redo, preventDefault: true },
  { key: "Alt-;", run: commands.toggleComment, preventDefault: true },
  { key: "Alt-u", run: recase(word => word.toUpperCase()), preventDefault: true },
  { key: "Alt-l", run: recase(word => word.toLowerCase()), preventDefault: true },
  { key: "Alt-c", run: recase(capitalized), preventDefault: true },
]

const others: readonly KeyBinding[] = [
  { key: "Ctrl-Space", run: view => putMark(view, true), preventDefault: true },
  { key: "Ctrl-x Ctrl-x", run: exchange, preventDefault: true },
  { key: "Ctrl-x h", run: commands.selectAll, preventDefault: true },
  // What is typed is saved without being asked for; fingers ask all the same.
  { key: "Ctrl-x Ctrl-s", run: () => true, preventDefault: true },
  { key: "Ctrl-g", run: cancel, preventDefault: true },
  { key: "Ctrl-s", run: search(false), shift: search(false), preventDefault: true },
  { key: "Ctrl-r", run: search(false), preventDefault: true },
  { key: "Alt-%", run: search(true), preventDefault: true },
  { key: "Alt-g g", run: () => actions.run("edit.line"), preventDefault: true },
  { key: "Alt-x", run: () => actions.run("help.palette"), preventDefault: true },
  { key: "Ctrl-l", run: toMiddle, preventDefault: true },
]

function putMark(view: EditorView, isSet: boolean): true {
  let { head } = view.state.selection.main
  view.dispatch({ effects: setMark.of(isSet), selection: { anchor: head } })
  return true
}

function cancel(view: EditorView): boolean {
  return putMark(view, false)
}

function exchange(view: EditorView): boolean {
  let { anchor, head } = view.state.selection.main
  view.dispatch({ selection: { anchor: head, head: anchor }, scrollIntoView: true })
  return true
}

function search(isReplacing: boolean): Command {
  return view => {
    openSearch(view, isReplacing)
    return true
  }
}

function toMiddle(view: EditorView): boolean {
  view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head, { y: "center" }) })
  return true
}

function selectedIn({ state }: EditorView): string {
  let { from, to } = state.selection.main
  return state.sliceDoc(from, to)
}

/** Puts words on the ring, and on the clipboard if the browser lets us. Never says that an event was dealt with. */
function remember(text: string): false {
  if (!text) return false
  ring.unshift(text)
  ring.length = Math.min(ring.length, LONGEST_RING)
  return false
}

/** Takes out what `part` says and puts it on the ring. */
function kill(part: (view: EditorView) => { from: number; to: number }): Command {
  return view => {
    if (view.state.readOnly) return false
    let { from, to } = part(view)
    if (from === to) return true
    remember(view.state.sliceDoc(from, to))
    navigator.clipboard?.writeText(ring[0] ?? "").catch(() => {})
    view.dispatch({ changes: { from, to }, userEvent: "delete.cut", scrollIntoView: true })
    return true
  }
}

/** From the cursor to the end of its line; there, the line break. */
function lineEnd({ state }: EditorView): { from: number; to: number } {
  let { head } = state.selection.main
  let { to } = state.doc.lineAt(head)
  return { from: head, to: head === to ? Math.min(to + 1, state.doc.length) : to }
}

/** What a motion would pass over. */
function by(select: Command): (view: EditorView) => { from: number; to: number } {
  return view => {
    let { head } = view.state.selection.main
    view.dispatch({ selection: EditorSelection.cursor(head) })
    select(view)
    return view.state.selection.main
  }
}

function copy(view: EditorView): boolean {
  remember(selectedIn(view))
  navigator.clipboard?.writeText(ring[0] ?? "").catch(() => {})
  return putMark(view, false)
}

function yank(view: EditorView): boolean {
  return put(view, view.state.selection.main, 0)
}

/** Right after a yank, puts what was killed before in its place. */
function yankBefore(view: EditorView): boolean {
  let { head } = view.state.selection.main
  if (!yanked || yanked.to !== head || ring.length === 0) return true
  return put(view, yanked, (yanked.at + 1) % ring.length)
}

function put(view: EditorView, { from, to }: { from: number; to: number }, at: number): boolean {
  let text = ring[at]
  if (text === undefined || view.state.readOnly) return true
  let insert = view.state.toText(text)
  let end = from + insert.length
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: end },
    userEvent: "input.paste",
    scrollIntoView: true,
  })
  yanked = { at, from, to: end }
  return true
}

function recase(change: (word: string) => string): Command {
  return view => {
    if (view.state.readOnly) return false
    let { from, to } = by(commands.selectGroupForward)(view)
    let insert = view.state.toText(change(view.state.sliceDoc(from, to)))
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      userEvent: "input",
    })
    return true
  }
}

function capitalized(word: string): string {
  return word.toLowerCase().replace(/\p{L}/u, letter => letter.toUpperCase())
}
