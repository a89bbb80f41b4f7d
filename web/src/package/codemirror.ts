/**
 * A session as one CodeMirror extension, for apps that have an editor of their own.
 * Knows the session and the binding; what else the editor does is the app's.
 */
import { historyField } from "@codemirror/commands"
import { Compartment, EditorState, type Extension, StateField } from "@codemirror/state"
import { type EditorView, ViewPlugin } from "@codemirror/view"
import { collab } from "../editor/collab"
import { presence } from "../editor/presence"
import { presenceTheme } from "../editor/presence-theme"
import { wellFormed } from "../editor/wellformed"
import type { Screens } from "../screens"
import type { Session } from "./api"
import { troubles } from "./errors"
import { LiveSession } from "./session"

export { redo, undo } from "../editor/collab"
export type { Session } from "./api"

/** What of a session an editor shows. */
export interface CodraftConfig {
  /** Whether the carets and selections of the others are shown. Defaults to yes. */
  readonly carets?: boolean
}

/**
 * Binds an editor to a session: text, undo (Mod-z, without `history()`), the others' carets, and being read-only while
 * nothing could be kept. What the editor starts with gives way to the document's text. Several editors may show one session.
 */
export function codraft(session: Session, { carets = true }: CodraftConfig = {}): Extension {
  if (!(session instanceof LiveSession)) throw troubles.otherCopy()
  let isTaken = false
  let taken = StateField.define({
    create() {
      isTaken = true
      return null
    },
    update: value => value,
  })
  return {
    // Asked for by whichever copy of CodeMirror makes a state of it, which throws when it is not the one imported here.
    get extension() {
      queueMicrotask(() => isTaken || session.report(troubles.twoStates()))
      return [taken, bound(session, carets)]
    },
  }
}

function bound(session: LiveSession, carets: boolean): Extension {
  let text = new Compartment()
  let rights = new Compartment()
  let open = (screens: Screens) => [
    collab(screens, () => session.edited()),
    carets ? [presence(screens.connection), presenceTheme] : [],
  ]
  let screens = session.now
  return [
    text.of(screens ? open(screens) : []),
    rights.of(EditorState.readOnly.of(!screens || !session.mayWrite)),
    wellFormed(),
    ViewPlugin.define(view => {
      if (view.state.field(historyField, false) !== undefined) session.report(troubles.history())
      let look = () => allow(view, rights, session.now !== null && session.mayWrite)
      // Not only with the line for people, which waits for the next frame.
      let stops = [session.on("status", look), session.on("auth", look)]
      let isOver = false
      if (!screens) {
        session.opened.then(
          screens => {
            if (isOver) return
            view.dispatch({ effects: text.reconfigure(open(screens)) })
            look()
          },
          () => {},
        )
      }
      return {
        destroy() {
          isOver = true
          for (let stop of stops) stop()
        },
      }
    }),
  ]
}

function allow(view: EditorView, rights: Compartment, mayWrite: boolean) {
  if (view.state.readOnly === mayWrite)
    view.dispatch({ effects: rights.reconfigure(EditorState.readOnly.of(!mayWrite)) })
}
