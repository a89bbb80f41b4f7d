/** A React app under StrictMode: an editor that can be taken away and brought back, and a session by its hook. Knows no test. */
import { CodraftEditor, useCodraft } from "codraft/react"
import { createElement as h, StrictMode, useEffect, useState } from "react"
import { createRoot } from "react-dom/client"

let { server, doc } = Object.fromEntries(new URLSearchParams(location.search))

function App() {
  let [isShown, setShown] = useState(true)
  let [text, setText] = useState("")
  let [state, setState] = useState("")
  let editor = h(CodraftEditor, {
    server,
    doc,
    userName: "Ann",
    onChange: editor => setText(editor.value),
    onStatus: ({ state }) => setState(state),
  })
  return h(
    "main",
    null,
    isShown && editor,
    h("button", { id: "toggle", onClick: () => setShown(!isShown) }, "toggle"),
    h("output", { id: "text" }, text),
    h("output", { id: "state" }, state),
    h(Length),
  )
}

function Length() {
  let session = useCodraft({ server, doc })
  let [length, setLength] = useState(-1)
  useEffect(() => session?.on("change", () => setLength(session.text.length)), [session])
  return h("output", { id: "length" }, length)
}

createRoot(document.getElementById("app")).render(h(StrictMode, null, h(App)))
