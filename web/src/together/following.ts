/**
 * Following somebody: what they see is shown here, until this person does anything of their own.
 * Knows the editor and the people in it, not how it is shown that somebody is followed.
 */
import { type ChangeSet, type Extension, StateEffect, Transaction } from "@codemirror/state"
import { EditorView, type ViewUpdate } from "@codemirror/view"
import { peers } from "../editor/peers"
import { keyOf, mainTab, type Participant, readNote, type Tab } from "./company"
import { scrollTo } from "./sight"

/** How long somebody who has gone may take to come back, as with a page that is loaded again. */
const PATIENCE_MS = 10_000
/** How often a place is looked at again once it has been scrolled to: heights are known exactly only then. */
const ROUNDS = 3

/** Why following has ended. */
export type Ending = "own" | "left" | "ring"

/** Whom it is about. */
export type Followed = Pick<Participant, "key" | "name" | "color">

/** Who hears of it. */
export interface FollowEvents {
  /** Following has begun, has come to wait, goes on, or has ended. */
  changed(ending?: Ending, who?: Followed): void
  /** The followed person is at this offset now. */
  movedTo(who: Followed, at: number): void
  /** Whether who is not to be seen is certain not to be here. */
  isLive(): boolean
}

/** One editor's following. */
export class Following {
  /** Who is followed. */
  who: Followed | null = null
  /** They are not here at the moment. */
  isWaiting = false
  private tab: Tab | null = null
  /** What their first and last line were, kept right through the edits since they said so. */
  private sees: readonly [number, number] | null = null
  private patience = 0
  private scheduled = false
  private readonly leaving = new AbortController()

  constructor(
    private readonly view: EditorView,
    private readonly events: FollowEvents,
  ) {
    view.dispatch({ effects: StateEffect.appendConfig.of(this.extension()) })
    for (let type of ["wheel", "touchmove", "pointerdown"] as const) {
      view.scrollDOM.addEventListener(type, () => this.end("own"), { passive: true })
    }
    // Before anything else hears of it: an editor for which Escape means something too is left all the same.
    let escaped = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.composedPath().some(isOnTop)) this.end("own")
    }
    window.addEventListener("keydown", escaped, { capture: true, signal: this.leaving.signal })
    view.scrollDOM.addEventListener("scrollend", () => this.scroll(1))
  }

  /** Follows somebody from now on. */
  begin(who: Followed) {
    this.forget()
    this.who = who
    this.look()
    this.events.changed()
  }

  end(ending: Ending) {
    let { who } = this
    if (!who) return
    this.forget()
    this.events.changed(ending, who)
  }

  /** There is no editor any more. */
  leave() {
    this.forget()
    this.leaving.abort()
  }

  /** Somebody has said something, or has come or gone. */
  look() {
    let { who } = this
    if (!who) return
    let tabs = this.view.state.field(peers).filter(peer => keyOf(peer) === who.key)
    let tab = mainTab(tabs.map(peer => ({ peer, note: readNote(peer) })))
    if (!tab) return this.wait()
    let { name, color } = tab.peer
    let isNews = this.isWaiting || (name && name !== who.name) || color !== who.color
    if (isNews) this.who = { ...who, name: name || who.name, color }
    clearTimeout(this.patience)
    this.isWaiting = false
    this.take(tab)
    if (isNews) this.events.changed()
  }

  private take(tab: Tab) {
    let before = this.tab
    this.tab = tab
    let isSameTab = before?.peer.client === tab.peer.client
    let { sees } = tab.note
    if (!isSameTab || before?.note !== tab.note) this.sees = sees
    let moved = !isSameTab || before?.peer.moves !== tab.peer.moves || before?.note.sees !== sees
    if (!moved) return
    this.scroll(ROUNDS)
    let at = tab.peer.head >= 0 ? tab.peer.head : (sees?.[0] ?? -1)
    if (this.who && at >= 0) this.events.movedTo(this.who, at)
  }

  private wait() {
    if (this.isWaiting) return
    this.isWaiting = true
    this.tab = null
    this.events.changed()
    let check = () => {
      // Without a connection nobody is to be seen: that is no word about them.
      if (this.events.isLive()) this.end("left")
      else this.patience = window.setTimeout(check, PATIENCE_MS)
    }
    this.patience = window.setTimeout(check, PATIENCE_MS)
  }

  private forget() {
    clearTimeout(this.patience)
    this.who = null
    this.tab = null
    this.sees = null
    this.isWaiting = false
  }

  private scroll(rounds: number) {
    if (!this.tab || this.scheduled) return
    this.scheduled = true
    let goes = () => {
      this.scheduled = false
      if (!this.tab) return
      let { client } = this.tab.peer
      let head = this.view.state.field(peers).find(peer => peer.client === client)?.head ?? -1
      if (scrollTo(this.view, { sees: this.sees, head }) && rounds > 1) this.scroll(rounds - 1)
    }
    if (document.hidden) setTimeout(goes)
    else requestAnimationFrame(goes)
  }

  private extension(): Extension {
    return EditorView.updateListener.of(update => {
      if (!this.who) return
      if (update.docChanged && this.sees) this.sees = mapped(this.sees, update.changes)
      if (update.transactions.some(isOwn)) this.end("own")
      else if (isReport(update)) this.look()
    })
  }
}

function mapped([from, to]: readonly [number, number], changes: ChangeSet): readonly [number, number] {
  return [changes.mapPos(from), changes.mapPos(to)]
}

/** Whether a transaction is something that this person did. */
function isOwn(tr: Transaction): boolean {
  if (tr.annotation(Transaction.remote)) return false
  return tr.docChanged || tr.isUserEvent("select") || (tr.selection !== undefined && tr.scrollIntoView)
}

/** Whether this is something that Escape closes. */
function isOnTop(target: EventTarget): boolean {
  return target instanceof Element && target.matches("[popover], dialog")
}

function isReport({ startState, state }: ViewUpdate): boolean {
  return startState.field(peers) !== state.field(peers)
}
