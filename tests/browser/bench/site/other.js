/**
 * The page that ours is compared with: the same pieces of CodeMirror, and Yjs with its own binding and provider.
 * Knows the server that its address names.
 */
import { defaultKeymap } from "@codemirror/commands"
import { defineLanguageFacet, HighlightStyle, Language, syntaxHighlighting } from "@codemirror/language"
import { searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import { EditorView, keymap } from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { GFM, parser } from "@lezer/markdown"
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next"
import { WebsocketProvider } from "y-websocket"
import * as Y from "yjs"
import { drawing } from "./drawing.js"

let query = new URLSearchParams(location.search)
let doc = new Y.Doc()
let text = doc.getText("content")
let provider = new WebsocketProvider(`${query.get("server")}/ws`, query.get("doc"), doc, { disableBc: true })
provider.awareness.setLocalStateField("user", { name: "Someone", color: "#2563eb", colorLight: "#2563eb33" })
provider.on("status", ({ status }) => {
  document.querySelector("#status").textContent = status
})

let style = HighlightStyle.define([
  { tag: tags.heading1, fontSize: "1.5em", fontWeight: "700" },
  { tag: tags.heading2, fontSize: "1.25em", fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.monospace, fontFamily: "monospace" },
])

let editor = new EditorView({
  parent: document.querySelector("#editor"),
  state: EditorState.create({
    doc: text.toString(),
    extensions: [
      keymap.of([...yUndoManagerKeymap, ...searchKeymap, ...defaultKeymap]),
      new Language(defineLanguageFacet(), parser.configure(GFM), [], "markdown"),
      syntaxHighlighting(style),
      drawing,
      yCollab(text, provider.awareness),
    ],
  }),
})
editor.focus()
