/**
 * Notices what this person does that the others may know: that they type, have gone away, may only read, and what they see
 * while somebody follows them.
 * Knows no other person.
 */
import { StateEffect } from "@codemirror/state"
import { EditorView, type ViewUpdate } from "@codemirror/view"
import { fromReplica } from "../editor/collab"
import type { OwnNote } from "./own-note"
import { isShown, ownSight } from "./sight"

/** Who has typed nothing for so long is not typing. */
const TYPING_MS = 2_000
/** The least time between two looks at what this person sees. */
const SIGHT_MS = 150
/** Who has left the page in the background, or has not touched it, for so long is away. */
const HIDDEN_MS = 15_000
const IDLE_MS = 5 * 60_000

/** Watches one editor and keeps the note right. */
export class OwnState {
  private typing = 0
  private leaving = 0
  private isFollowed = false
  private resting = 0
  /** There may be something else to be seen than when this was looked at. */
  private isStale = false
  private readonly goingAway = new AbortController()

  constructor(
    private readonly view: EditorView,
    private readonly note: OwnNote,
  ) {
    view.dispatch({ effects: StateEffect.appendConfig.of(this.listener()) })
    view.scrollDOM.addEventListener("scroll", () => this.look(), { passive: true })
    let { signal } = this.goingAway
    document.addEventListener("visibilitychange", () => this.noticed(), { signal })
    for (let type of ["pointerdown", "keydown", "wheel"]) {
      window.addEventListener(type, () => this.noticed(), { passive: true, capture: true, signal })
    }
    this.noticed()
  }

  /** There is no editor any more. */
  end() {
    this.goingAway.abort()
    for (let timer of [this.typing, this.leaving, this.resting]) clearTimeout(timer)
  }

  /** Whether somebody follows this person, and so wants to know what they see. */
  setFollowed(isFollowed: boolean) {
    if (isFollowed === this.isFollowed) return
    this.isFollowed = isFollowed
    if (isFollowed) this.look()
    else this.note.say({ sees: null })
  }

  private look() {
    if (!this.isFollowed) return
    this.isStale = this.resting > 0
    if (this.isStale) return
    this.resting = window.setTimeout(() => {
      this.resting = 0
      if (this.isStale) this.look()
    }, SIGHT_MS)
    this.view.requestMeasure({
      key: this,
      read: view => (document.hidden || !isShown(view) ? null : ownSight(view)),
      write: sees => {
        if (this.isFollowed) this.note.say({ sees })
      },
    })
  }

  private noticed() {
    clearTimeout(this.leaving)
    if (!document.hidden) this.note.say({ away: false })
    this.leaving = window.setTimeout(
      () => this.note.say({ away: true, sees: null }),
      document.hidden ? HIDDEN_MS : IDLE_MS,
    )
    this.look()
  }

  private typed() {
    clearTimeout(this.typing)
    this.note.say({ typing: true })
    this.typing = window.setTimeout(() => this.note.say({ typing: false }), TYPING_MS)
  }

  private listener() {
    return EditorView.updateListener.of((update: ViewUpdate) => {
      if (update.docChanged && update.transactions.some(tr => tr.docChanged && !tr.annotation(fromReplica))) {
        this.typed()
      }
      if (update.geometryChanged || update.viewportChanged) this.look()
    })
  }
}
