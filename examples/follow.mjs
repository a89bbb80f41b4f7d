// Follows a document from the command line with the stock Yjs client. To run it, with a server on port 8080:
//   npm install --no-save yjs y-websocket ws && node examples/follow.mjs notes
import WebSocket from "ws"
import { WebsocketProvider } from "y-websocket"
import * as Y from "yjs"

const [name = "notes", server = "ws://127.0.0.1:8080"] = process.argv.slice(2)
const doc = new Y.Doc()
const provider = new WebsocketProvider(`${server}/ws`, name, doc, { WebSocketPolyfill: WebSocket })
const text = doc.getText("content")

provider.awareness.setLocalStateField("user", { name: "A program", color: "#0f766e", colorLight: "#0f766e33" })
provider.on("sync", (synced) => synced && console.log(`--- ${name}: ${text.length} characters ---\n${text}`))
text.observe((event) => !event.transaction.local && console.log(JSON.stringify(event.delta)))
