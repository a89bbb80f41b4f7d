/**
 * The pages of `examples/`, bundled as somebody who tries them would, and served from a site that is not the server's.
 * Knows a bundler, and nothing of what the pages do.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before } from "node:test"
import { fileURLToPath } from "node:url"
import { build, preview } from "vite"
import { freePort } from "./server.mjs"

const EXAMPLES = fileURLToPath(new URL("../../../examples", import.meta.url))
const HERE = fileURLToPath(import.meta.url)

/** The site for all tests of the calling file; `site()` is there once they run. */
export function sharedSite(...pages) {
  let site
  before(async () => {
    site = await openSite(pages)
  })
  after(() => site?.close())
  return () => site
}

async function openSite(pages) {
  let outDir = await mkdtemp(join(tmpdir(), "codraft-site-"))
  let input = pages.map(page => join(EXAMPLES, page))
  let always = { root: EXAMPLES, configFile: false, logLevel: "error" }
  await build({ ...always, plugins: [packagesFromHere()], build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  let port = await freePort()
  let server = await preview({ ...always, build: { outDir }, preview: { host: "127.0.0.1", port, strictPort: true } })
  let close = async () => {
    await server.close()
    await rm(outDir, { recursive: true })
  }
  return { origin: `http://127.0.0.1:${port}`, close }
}

/** Finds the packages that the pages name beside the tests, where their versions are pinned. */
function packagesFromHere() {
  let isPackage = source => /^[@a-z]/.test(source)
  let isExample = importer => importer?.startsWith(EXAMPLES)
  let resolveId = function (source, importer, options) {
    if (isPackage(source) && isExample(importer)) return this.resolve(source, HERE, { ...options, skipSelf: true })
  }
  return { name: "packages-from-here", enforce: "pre", resolveId }
}
