// An app whose backend lets Ann write and Ben read. To run it, with `codraft serve --access tokens --allow-origin
// http://localhost:5173`, and the id and the secret that `codraft key new` has printed:
//   npm install --no-save vite yjs y-websocket y-codemirror.next codemirror@6.0.2 && \
//   KEY_ID=… KEY=… node examples/backend.mjs
// and open http://localhost:5173/?user=ann and, in another window, http://localhost:5173/?user=ben.
import { createHmac } from "node:crypto"
import { createServer } from "node:http"

const { KEY_ID, KEY, SERVER = "ws://127.0.0.1:8080", PORT = 5173, SECONDS = 600 } = process.env
const users = { ann: { sub: "1", name: "Ann", role: "editor" }, ben: { sub: "2", name: "Ben", role: "viewer" } }
const part = (json) => Buffer.from(JSON.stringify(json)).toString("base64url")
function token(user) {
  const exp = Math.floor(Date.now() / 1000) + Number(SECONDS)
  const said = `${part({ alg: "HS256", kid: KEY_ID })}.${part({ aud: "codraft", exp, docs: ["notes"], ...user })}`
  return `${said}.${createHmac("sha256", KEY).update(said).digest("base64url")}`
}
const page = ({ role }) => `<!doctype html><meta charset="utf-8"><p id="status"></p><script type="module">
  import { basicSetup, EditorView } from "codemirror"
  import { yCollab } from "y-codemirror.next"
  import { WebsocketProvider } from "y-websocket"
  import * as Y from "yjs"
  const provider = new WebsocketProvider("${SERVER}/ws", "notes", new Y.Doc(), { connect: false })
  const says = ({ status, reason }) => (document.querySelector("#status").textContent = status ?? reason)
  for (const event of ["status", "closed"]) provider.on(event, says)
  const renew = async () => (provider.params = { token: await (await fetch("/token" + location.search)).text() })
  provider.on("connection-close", renew)
  renew().then(() => provider.connect())
  const extensions = [basicSetup, yCollab(provider.doc.getText("content"), provider.awareness)]
  new EditorView({ extensions: [extensions, EditorView.editable.of(${role !== "viewer"})], parent: document.body })
</script>`
let vite
const modules = async () => (await import("vite")).createServer({ appType: "custom", server: { middlewareMode: true } })
createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost")
  const user = users[searchParams.get("user")] // In your app, whoever has signed in, if they may come to this document.
  if (pathname === "/token") return response.writeHead(user ? 200 : 401).end(user && token(user))
  const { middlewares, transformIndexHtml } = await (vite ??= modules())
  if (pathname !== "/") return middlewares(request, response)
  response.setHeader("content-type", "text/html").end(user && (await transformIndexHtml("/", page(user))))
}).listen(PORT, () => console.log(`open http://localhost:${PORT}/?user=ann`))
