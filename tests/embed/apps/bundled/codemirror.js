/** An app with a CodeMirror of its own, and two editors for one session. Knows where its document is from the page's address. */
import { defaultKeymap, history } from "@codemirror/commands"
import { EditorState } from "@codemirror/state"
import { EditorView, keymap } from "@codemirror/view"
import { createSession } from "codraft"
import { codraft } from "codraft/codemirror"

let { server, doc, beside } = Object.fromEntries(new URLSearchParams(location.search))
let session = createSession({ server, doc })
let extensions = [codraft(session), keymap.of(defaultKeymap), EditorView.lineWrapping]
let view = parent =>
  new EditorView({ parent, state: EditorState.create({ extensions: [extensions, beside === "history" ? history() : []] }) })
Object.assign(window, {
  session,
  errors: [],
  views: ["one", "two"].map(id => view(document.getElementById(id))),
})
session.on("error", ({ code, message }) => window.errors.push({ code, message }))
