/**
 * The pages that ours is compared with and those who type meanwhile: bundled, compressed and served as ours are.
 * Knows no browser.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync } from "node:zlib"
import { build } from "vite"

const ROOT = fileURLToPath(new URL("site", import.meta.url))
/** Ours has its packages from here: the editor is compared in one version. */
const EDITOR_PACKAGES = fileURLToPath(new URL("../../../web/node_modules", import.meta.url))
const OTHER_PACKAGES = fileURLToPath(new URL("../node_modules", import.meta.url))
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" }

/** Serves them on a free port; `close` ends that. */
export async function openSite() {
  let outDir = await mkdtemp(join(tmpdir(), "codraft-bench-"))
  let input = ["other.html", "peers.html", "alone.html"].map(page => join(ROOT, page))
  let outside = { outDir, emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false }, rolldownOptions: { input } }
  await build({ root: ROOT, configFile: false, logLevel: "error", plugins: [packages()], build: outside })
  let server = createServer((request, response) => answer(outDir, request, response))
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve))
  let close = async () => {
    server.closeAllConnections()
    server.close()
    await rm(outDir, { recursive: true })
  }
  return { origin: `http://127.0.0.1:${server.address().port}`, close }
}

async function answer(folder, request, response) {
  let { pathname } = new URL(request.url, "http://127.0.0.1")
  try {
    let bytes = await readFile(join(folder, pathname))
    let type = TYPES[extname(pathname)] ?? "application/octet-stream"
    response.writeHead(200, { "content-type": type, "content-encoding": "br", "cache-control": "no-store" })
    response.end(brotliCompressSync(bytes))
  } catch {
    response.writeHead(404).end()
  }
}

/** The editor from our page's packages, whoever names it; the rest from beside the tests. */
function packages() {
  let isEditor = source => /^@(codemirror|lezer|marijn)\/|^(crelt|style-mod|w3c-keyname)$/.test(source)
  let resolveId = function (source, importer, options) {
    if (!/^[@a-z]/.test(source)) return
    if (!importer?.startsWith(ROOT) && !isEditor(source)) return
    return this.resolve(source, join(isEditor(source) ? EDITOR_PACKAGES : OTHER_PACKAGES, "x.js"), { ...options, skipSelf: true })
  }
  return { name: "packages", enforce: "pre", resolveId }
}
