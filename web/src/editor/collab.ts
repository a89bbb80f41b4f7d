/**
 * The binding: keeps the editor's text and the replica's text equal, one call per transaction each way.
 * Knows no network and no page; who else is here and what is saved are other files' business.
 */
import {
  Annotation,
  type ChangeSpec,
  type Extension,
  Facet,
  Prec,
  type StateEffect,
  Transaction,
} from "@codemirror/state"
import { type Command, EditorView, keymap, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import type { Changes, Splices } from "../client"
import type { Peer } from "../peer"
import type { Pane, Screens } from "../screens"
import { spliceBetween } from "../splice"
import { peers as peersField, setPeers } from "./peers"
import { changeSpecOf, splicesOf, textOf } from "./splices"

/** Marks a transaction that brings what the replica already holds; everything else is forwarded to it. */
export const fromReplica = Annotation.define<boolean>()

/** Changes that are undone by themselves, however soon they come after typing. */
const ALONE = [
  "input.paste",
  "input.drop",
  "input.replace",
  "input.format",
  "input.indent",
  "input.table",
  "delete.cut",
  "delete.mark",
  "move",
]
/** How long the text must rest before it is compared with the replica's. */
const IDLE_MS = 3_000

/**
 * Binds the editor to a replica. The editor has no `history()`; what it starts with gives way to the replica's text.
 * `onEdit` is called after each change of the text by this person.
 */
export function collab(screens: Screens, onEdit: () => void = () => {}): Extension {
  let plugin = ViewPlugin.define(view => new Binding(view, screens, onEdit))
  return [
    plugin,
    binding.of(view => view.plugin(plugin)),
    // A listener, not the plugin's own update: it runs when the letter is already on the screen.
    EditorView.updateListener.of(update => update.view.plugin(plugin)?.updated(update)),
    Prec.high(
      keymap.of([
        { key: "Mod-z", run: undo, preventDefault: true },
        { key: "Mod-y", mac: "Mod-Shift-z", run: redo, preventDefault: true },
        { linux: "Ctrl-Shift-z", win: "Ctrl-Shift-z", run: redo, preventDefault: true },
      ]),
    ),
    EditorView.domEventHandlers({
      beforeinput(event, view) {
        let command =
          event.inputType === "historyUndo" ? undo : event.inputType === "historyRedo" ? redo : null
        if (!command) return false
        event.preventDefault()
        return command(view)
      },
    }),
  ]
}

/** How the binding of an editor is found. */
const binding = Facet.define<(view: EditorView) => Binding | null>()
const bindingOf = (view: EditorView) => view.state.facet(binding)[0]?.(view)

/** Takes back this person's last step, whatever key or button asks for it. */
export const undo: Command = view => bindingOf(view)?.restore("undo") ?? false

/** Brings back what was undone last. */
export const redo: Command = view => bindingOf(view)?.restore("redo") ?? false

/** What is typed next is undone apart from what was typed before. */
export function closeUndoStep(view: EditorView) {
  bindingOf(view)?.closeUndoStep()
}

class Binding implements Pane {
  private idleTimer = 0
  private isOver = false
  private readonly leave: () => void

  constructor(
    private readonly view: EditorView,
    private readonly screens: Screens,
    private readonly onEdit: () => void,
  ) {
    this.leave = screens.add(this)
    view.contentDOM.addEventListener("compositionend", this.compositionEnded)
    // In the middle of the making of a view nothing may be dispatched.
    queueMicrotask(() => this.begin())
  }

  shown(): string {
    return this.view.state.doc.toString()
  }

  isComposing(): boolean {
    return this.view.composing
  }

  others(): readonly Peer[] | null {
    return this.view.state.field(peersField, false) ?? null
  }

  take(changes: Splices | undefined, peers: readonly Peer[] | undefined) {
    let effects = peers ? [setPeers.of(peers)] : []
    if (changes) this.dispatch(changeSpecOf(changes), { effects })
    else if (effects.length) this.view.dispatch({ effects })
  }

  align() {
    let truth = this.connection.attempt(replica => replica.text())
    if (truth === undefined || truth === this.shown()) return
    let { from, to, insert } = spliceBetween(this.shown(), truth)
    this.dispatch({ from, to, insert: textOf(insert) }, {})
  }

  /** Hands what this person changed to the replica. */
  updated(update: ViewUpdate) {
    let local = update.transactions.filter(tr => !tr.annotation(fromReplica))
    let { recoveries } = this.connection
    for (let tr of local) {
      // A fresh replica begins with all that is on the screen, these changes among it.
      if (recoveries !== this.connection.recoveries) break
      if (tr.docChanged) this.forward(tr)
      else if (tr.isUserEvent("select")) this.closeUndoStep()
    }
    if (local.some(tr => tr.docChanged)) this.onEdit()
    if (update.docChanged) this.compareWhenIdle()
    // Chrome on Android tells only CodeMirror's EditContext that a composition is over, in the task of its last change.
    if (this.screens.isHolding) this.compositionEnded()
  }

  destroy() {
    this.leave()
    this.isOver = true
    this.view.contentDOM.removeEventListener("compositionend", this.compositionEnded)
    clearTimeout(this.idleTimer)
  }

  /** Undoes or redoes this person's last step and shows where it was. */
  restore(direction: "undo" | "redo"): boolean {
    if (this.view.state.readOnly) return false
    let { main } = this.view.state.selection
    let changes = this.screens.restore(this, direction, main.anchor, main.head)
    if (!changes) return true
    // Undo selects what was selected before; redo goes to what it brings back.
    let selection =
      direction === "redo" || changes.anchor < 0
        ? endOfLast(changes)
        : { anchor: changes.anchor, head: changes.head }
    this.dispatch(changeSpecOf(changes), { selection, userEvent: direction })
    changes.free()
    this.onEdit()
    return true
  }

  /** What is typed next is undone apart from what was typed before. */
  closeUndoStep() {
    this.screens.closeUndoStep()
  }

  private get connection() {
    return this.screens.connection
  }

  /** Takes in what has changed since the editor's state was made, and who is here. */
  private begin() {
    if (this.isOver) return
    let shown = this.shown()
    if (this.connection.attempt(replica => replica.matches(shown)) === false) this.align()
    let { peers } = this.screens
    if (peers.length && this.others()?.length === 0) this.take(undefined, peers)
  }

  private forward(tr: Transaction) {
    let { ranges, inserted } = splicesOf(tr.changes)
    let { anchor, head } = tr.startState.selection.main
    let isAlone = ALONE.some(event => tr.isUserEvent(event))
    this.screens.edit(this, { ranges, inserted, anchor, head, isAlone })
  }

  private readonly compositionEnded = () => {
    // Only the next task: CodeMirror reads the committed text from the page in this one.
    setTimeout(() => this.screens.composed())
  }

  private dispatch(changes: ChangeSpec, how: RestoreConfig) {
    let { selection, userEvent, effects } = how
    this.view.dispatch({
      changes,
      ...(selection && { selection }),
      ...(effects && { effects }),
      scrollIntoView: selection !== undefined,
      annotations: [
        fromReplica.of(true),
        userEvent ? Transaction.userEvent.of(userEvent) : Transaction.remote.of(true),
      ],
      filter: false,
    })
  }

  private compareWhenIdle() {
    clearTimeout(this.idleTimer)
    this.idleTimer = window.setTimeout(() => this.compare(), IDLE_MS)
  }

  private compare() {
    if (this.view.composing) return this.compareWhenIdle()
    let shown = this.shown()
    if (this.connection.attempt(replica => replica.matches(shown)) !== false) return
    console.error("the editor's text had drifted from the replica's and was replaced")
    this.align()
  }
}

interface RestoreConfig {
  selection?: { anchor: number; head: number }
  userEvent?: string
  effects?: StateEffect<unknown>[]
}

/** Where the last splice ends in the text after all of them. */
function endOfLast({ ranges }: Changes): { anchor: number; head: number } {
  let shift = 0
  let end = 0
  for (let i = 0; i + 2 < ranges.length; i += 3) {
    let [from = 0, to = 0, length = 0] = ranges.subarray(i, i + 3)
    end = from + shift + length
    shift += length - (to - from)
  }
  return { anchor: end, head: end }
}
