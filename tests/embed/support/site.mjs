/**
 * A site that is not the server's: files of a folder, and of the package, at an address of its own.
 * Knows media types and the headers that a test asks for.
 */
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import { extname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import { atEnd } from "../../browser/support/ending.mjs"

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
}
const HERE = fileURLToPath(new URL("..", import.meta.url))
/** Where an app without a bundler has copied the package to. */
const PACKAGE = join(HERE, "node_modules/codraft/dist")

/** The apps that no bundler has seen. */
export const PLAIN = join(HERE, "apps/plain")

/** Serves `folder` for as long as the test `t` lives, with these headers on every page; `missing` are paths that are not there. */
export async function openSite(t, folder, { headers = {}, missing = [] } = {}) {
  let asked = []
  let server = createServer(async (request, response) => {
    let { pathname } = new URL(request.url, "http://localhost")
    asked.push(pathname)
    // Browsers ask for one by themselves.
    if (pathname === "/favicon.ico") return response.writeHead(204).end()
    try {
      if (missing.includes(pathname)) throw new Error("missing")
      let path = fileFor(folder, pathname)
      let body = await readFile(path)
      let type = TYPES[extname(path)] ?? "application/octet-stream"
      response.writeHead(200, { "Content-Type": type, ...headers }).end(body)
    } catch {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("not here")
    }
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  atEnd(t, () => {
    server.close()
    server.closeAllConnections()
  })
  return { origin: `http://127.0.0.1:${server.address().port}`, asked }
}

function fileFor(folder, pathname) {
  let clean = normalize(decodeURIComponent(pathname)).replace(/^(\.\.[/\\])+/, "")
  for (let place of ["/codraft/", "/package/dist/"]) if (clean.startsWith(place)) return join(PACKAGE, clean.slice(place.length))
  return join(folder, clean.endsWith("/") ? `${clean}index.html` : clean)
}
