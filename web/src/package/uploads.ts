/**
 * Pictures that are pasted or dropped into an embedded editor, for an app that keeps them: it is given the file and says where it
 * is.
 * Knows neither what the app does with a file nor how long that takes; the text may change meanwhile.
 */
import { EditorState, type Extension } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { picturesIn } from "../editor/images"
import { troubles } from "./errors"
import type { LiveSession } from "./session"

/** Keeps a picture; resolves with the address under which it is shown. */
export type UploadHandler = (file: File) => Promise<string>

/** Takes pictures while there is somebody to keep them. */
export function uploads(session: LiveSession, handler: () => UploadHandler | null): Extension {
  let take = (view: EditorView, event: Event, data: DataTransfer | null, at: number | null) => {
    let files = picturesIn(data)
    let keep = handler()
    if (!keep || !files.length || view.state.facet(EditorState.readOnly)) return false
    event.preventDefault()
    for (let file of files) void insert(view, session, file, keep, at ?? view.state.selection.main.from)
    return true
  }
  return EditorView.domEventHandlers({
    paste: (event, view) => take(view, event, event.clipboardData, null),
    drop: (event, view) =>
      take(view, event, event.dataTransfer, view.posAtCoords({ x: event.clientX, y: event.clientY }, false)),
  })
}

async function insert(view: EditorView, session: LiveSession, file: File, keep: UploadHandler, at: number) {
  let anchor = session.createAnchor(at)
  try {
    let address = await keep(file)
    let from = (anchor ? session.resolveAnchor(anchor) : null) ?? Math.min(at, view.state.doc.length)
    let insert = `![${nameOf(file)}](${encodeURI(decodeSafely(address))})`
    view.dispatch({ changes: { from, insert }, userEvent: "input.paste" })
  } catch (error) {
    session.report(troubles.app(`The picture ${JSON.stringify(file.name)}`, error))
  }
}

/** An address that is percent-encoded already stays so. */
function decodeSafely(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}

/** What a picture is called where it cannot be shown. */
function nameOf({ name }: File): string {
  return name.replace(/\.\w+$/, "").replace(/[[\]\\]/g, "")
}
