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
import type { Changes, Replica } from "../client"
import type { Connection, Screen } from "../connection"
import { peersOf, setPeers } from "./peers"
import { changeSpecOf, spliceBetween, splicesOf } from "./splices"

/** Marks a transaction that brings what the replica already holds; everything else is forwarded to it. */
export const fromReplica = Annotation.define<boolean>()

/** Pulls closer together than this wait for the next frame: a burst becomes one change. */
const FRAME_MS = 16
/** How long, and how many bytes of, remote changes an unfinished composition may hold back. */
const HOLD_MS = 5_000
const HOLD_BYTES = 65_536
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

/** What the page wants to hear from the binding. */
export interface CollabConfig extends Omit<Screen, "shown"> {
  /** Called after each change of the text by this person. */
  onEdit(): void
}

/** Binds the editor to a replica. The editor must start with the replica's text and have no `history()`. */
export function collab(connection: Connection, config: CollabConfig): Extension {
  let plugin = ViewPlugin.define(view => new Binding(view, connection, config))
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

class Binding {
  private lastPull = 0
  private scheduled = false
  private idleTimer = 0
  private holdTimer = 0
  private readonly stopListening: () => void

  constructor(
    private readonly view: EditorView,
    private readonly connection: Connection,
    private readonly config: CollabConfig,
  ) {
    this.stopListening = connection.onWake(() => this.wake())
    connection.showOn({
      ...config,
      shown: () => view.state.doc.toString(),
      onRecovered: () => this.recovered(),
    })
    view.contentDOM.addEventListener("compositionend", this.compositionEnded)
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
    if (local.some(tr => tr.docChanged)) this.config.onEdit()
    if (update.docChanged) this.compareWhenIdle()
    // Chrome on Android tells only CodeMirror's EditContext that a composition is over, in the task of its last change.
    if (this.holdTimer) this.compositionEnded()
  }

  destroy() {
    this.stopListening()
    this.view.contentDOM.removeEventListener("compositionend", this.compositionEnded)
    clearTimeout(this.idleTimer)
    clearTimeout(this.holdTimer)
  }

  /** Undoes or redoes this person's last step and shows where it was. */
  restore(direction: "undo" | "redo"): boolean {
    if (this.view.state.readOnly) return false
    let { main } = this.view.state.selection
    let changes = this.connection.attempt(replica => replica[direction](main.anchor, main.head))
    if (!changes) return true
    // Undo selects what was selected before; redo goes to what it brings back.
    let selection =
      direction === "redo" || changes.anchor < 0
        ? endOfLast(changes)
        : { anchor: changes.anchor, head: changes.head }
    this.dispatch(changeSpecOf(changes), { selection, userEvent: direction })
    changes.free()
    this.config.onEdit()
    return true
  }

  /** What is typed next is undone apart from what was typed before. */
  closeUndoStep() {
    this.connection.attempt(replica => replica.closeUndoGroup())
  }

  private forward(tr: Transaction) {
    let { ranges, inserted } = splicesOf(tr.changes)
    let { anchor, head } = tr.startState.selection.main
    let alone = ALONE.some(event => tr.isUserEvent(event))
    this.connection.attempt(replica => {
      if (alone) replica.closeUndoGroup()
      replica.edit(ranges, inserted, anchor, head)
      if (alone) replica.closeUndoGroup()
    })
  }

  /** A fresh replica knows nobody yet. It may have come in the middle of an update, which nothing may be dispatched in. */
  private recovered() {
    this.config.onRecovered()
    setTimeout(() => this.view.dispatch({ effects: setPeers.of([]) }))
  }

  private wake() {
    if (this.view.composing) this.hold()
    else if (performance.now() - this.lastPull > FRAME_MS) this.pull()
    else this.pullSoon()
  }

  /** A remote edit on the line of a composition tears it and doubles committed text: it waits for the end. */
  private hold() {
    let waiting = this.connection.attempt(replica => replica.waiting()) ?? 0
    if (waiting > HOLD_BYTES) return this.pull()
    if (waiting > 0 && !this.holdTimer) this.holdTimer = window.setTimeout(() => this.pull(), HOLD_MS)
    this.pullPresence()
  }

  private readonly compositionEnded = () => {
    // Only the next task: CodeMirror reads the committed text from the page in this one.
    setTimeout(() => {
      if (this.holdTimer && !this.view.composing) this.pull()
    })
  }

  private pullSoon() {
    if (this.scheduled) return
    this.scheduled = true
    let run = () => {
      this.scheduled = false
      if (this.view.composing) this.hold()
      else this.pull()
    }
    // A hidden page draws no frames, but what others see of it must stay true.
    if (document.hidden) setTimeout(run, FRAME_MS)
    else requestAnimationFrame(run)
  }

  private pull() {
    clearTimeout(this.holdTimer)
    this.holdTimer = 0
    this.lastPull = performance.now()
    let pulled = this.connection.pull(peerEffects)
    if (!pulled) return
    let { changes, also: effects } = pulled
    if (changes) this.dispatch(changeSpecOf(changes), { effects })
    else if (effects.length) this.view.dispatch({ effects })
  }

  private pullPresence() {
    let effects = this.connection.attempt(peerEffects)
    if (effects?.length) this.view.dispatch({ effects })
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
    let shown = this.view.state.doc.toString()
    if (this.connection.attempt(replica => replica.matches(shown)) !== false) return
    console.error("the editor's text had drifted from the replica's and was replaced")
    let truth = this.connection.attempt(replica => replica.text())
    if (truth !== undefined) this.dispatch(spliceBetween(shown, truth), {})
  }
}

/** What a replica reports of the others, if there is news. */
function peerEffects(replica: Replica): StateEffect<unknown>[] {
  let presence = replica.presence()
  if (!presence) return []
  let peers = peersOf(presence)
  presence.free()
  return [setPeers.of(peers)]
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
