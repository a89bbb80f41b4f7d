// Writes a line into a document with y-sweet's client, and says when it is saved. To run it, with a server on port 8080:
//   npm install --no-save yjs ws @y-sweet/client @y-sweet/sdk && node examples/y-sweet.mjs pages "a line"
import { createYjsProvider } from "@y-sweet/client"
import { DocumentManager } from "@y-sweet/sdk"
import WebSocket from "ws"
import * as Y from "yjs"

const [name = "pages", line = "a line", server = "ys://127.0.0.1:8080"] = process.argv.slice(2)
const manager = new DocumentManager(server)
const doc = new Y.Doc()
// In an app the backend does this, for whoever it lets in.
const wayIn = () => manager.getOrCreateDocAndToken(name)
const options = { WebSocketPolyfill: WebSocket, showDebuggerLink: false }
const provider = createYjsProvider(doc, name, wayIn, options)

provider.once("synced", () => {
  const lines = doc.getArray("lines")
  lines.push([line])
  provider.on("local-changes", (changes) => {
    if (changes) return
    console.log(`saved, ${lines.length} in all:\n${lines.toArray().join("\n")}`)
    process.exit()
  })
})
