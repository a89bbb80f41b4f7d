/**
 * Apps as bundlers make them of `apps/bundled`: Vite and webpack, as they come.
 * Knows how each is called, and nothing of what the apps do.
 */
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, createServer } from "vite"
import webpack from "webpack"
import { atEnd } from "../../browser/support/ending.mjs"

const APPS = fileURLToPath(new URL("../apps/bundled", import.meta.url))
const QUIET = { configFile: false, logLevel: "error" }

/** Everything, by Vite; where it is. */
export async function byVite() {
  let outDir = await workplace()
  let pages = (await readdir(APPS)).filter(name => name.endsWith(".html"))
  let input = pages.map(page => join(APPS, page))
  await build({ ...QUIET, root: APPS, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  return outDir
}

/** The element, by webpack; where it is. */
export async function byWebpack() {
  let path = await workplace()
  let output = { path, filename: "element.js" }
  // What is made small is no other app, and takes a minute.
  let optimization = { minimize: false }
  let config = { mode: "production", context: APPS, entry: "./element.js", output, optimization }
  let stats = await new Promise((resolve, reject) =>
    webpack(config, (error, stats) => (error ? reject(error) : resolve(stats))),
  )
  if (stats.hasErrors()) throw new Error(stats.toString("errors-only"))
  await copyFile(join(APPS, "index.html"), join(path, "index.html"))
  return path
}

/** Vite's server for who works on an app, as it is without configuration but for `optimizeDeps`. */
export async function viteServer(t, optimizeDeps) {
  let cacheDir = await workplace()
  let server = await createServer({
    ...QUIET,
    root: APPS,
    cacheDir,
    optimizeDeps,
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  })
  await server.listen()
  atEnd(t, async () => {
    await server.close()
    await rm(cacheDir, { recursive: true, force: true })
  })
  return { origin: `http://127.0.0.1:${server.httpServer.address().port}` }
}

function workplace() {
  return mkdtemp(join(tmpdir(), "codraft-embed-"))
}

/** Pages of `examples/`, by Vite, with the packages that they name from beside these tests; where they are. */
export async function examples(pages) {
  let root = fileURLToPath(new URL("../../../examples", import.meta.url))
  let here = fileURLToPath(import.meta.url)
  let resolveId = function (source, importer, options) {
    if (/^[@a-z]/.test(source) && importer?.startsWith(root)) return this.resolve(source, here, { ...options, skipSelf: true })
  }
  let plugins = [{ name: "packages-from-here", enforce: "pre", resolveId }]
  let outDir = await workplace()
  let input = pages.map(page => join(root, page))
  await build({ ...QUIET, root, plugins, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  return outDir
}
