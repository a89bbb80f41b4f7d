/**
 * The page that ours is compared with: the same pieces of CodeMirror, and Yjs with its own binding and provider.
 * Knows the server that its address names.
 */
import { defaultKeymap } from "@codemirror/commands"
import { bracketMatching, defineLanguageFacet, HighlightStyle, Language, syntaxHighlighting } from "@codemirror/language"
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import * as view from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { GFM, parser } from "@lezer/markdown"
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next"
import { WebsocketProvider } from "y-websocket"
import * as Y from "yjs"

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

let editor = new view.EditorView({
  parent: document.querySelector("#editor"),
  state: EditorState.create({
    doc: text.toString(),
    extensions: [
      view.keymap.of([...yUndoManagerKeymap, ...searchKeymap, ...defaultKeymap]),
      new Language(defineLanguageFacet(), parser.configure(GFM), [], "markdown"),
      syntaxHighlighting(style),
      search({ top: true }),
      highlightSelectionMatches(),
      view.highlightSpecialChars(),
      view.highlightActiveLine(),
      bracketMatching(),
      view.drawSelection(),
      view.dropCursor(),
      view.rectangularSelection(),
      view.crosshairCursor(),
      EditorState.allowMultipleSelections.of(true),
      view.EditorView.lineWrapping,
      view.EditorView.contentAttributes.of({ spellcheck: "true", autocorrect: "on", autocapitalize: "sentences" }),
      yCollab(text, provider.awareness),
    ],
  }),
})
editor.focus()
