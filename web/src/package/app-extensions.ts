/**
 * Whether what an app brings to an editor can be used in it.
 * Knows CodeMirror's one word about two copies of itself.
 */
import { historyField } from "@codemirror/commands"
import { EditorState, type Extension } from "@codemirror/state"
import { type CodraftError, troubles } from "./errors"

/** What is wrong with extensions; nothing when they can be used. */
export function troubleWith(extensions: Extension): CodraftError | null {
  try {
    let state = EditorState.create({ extensions })
    return state.field(historyField, false) === undefined ? null : troubles.history()
  } catch (error) {
    return extensionTrouble(error)
  }
}

/** What CodeMirror's refusal means to a developer. */
export function extensionTrouble(error: unknown): CodraftError {
  let isForeign = /multiple instances of @codemirror\/state/.test(String(error))
  return isForeign ? troubles.twoStates(error) : troubles.app("One of the extensions", error)
}
