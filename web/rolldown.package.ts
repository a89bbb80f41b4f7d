/**
 * How the npm package is bundled: its entries in one library, the workers and the standalone module with everything inside, and
 * what is weighed. Writes to `CODRAFT_PACKAGE`.
 * Knows the entries, and nothing of what they do. `package/assemble.mjs` does the rest.
 */
import { readFileSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { defineConfig, type ModuleInfo, type Plugin, type RolldownOptions } from "rolldown"

const ROOT = process.env.CODRAFT_PACKAGE ?? "../target/npm/codraft"
const OUT = join(ROOT, "dist")
const WASM = "wasm/codraft_client_bg.wasm"

/** The package's entries, by the names of their files. */
const ENTRIES = {
  index: "src/package/index.ts",
  codemirror: "src/package/codemirror.ts",
  element: "src/package/elements.ts",
  define: "src/package/define.ts",
  react: "src/package/react.ts",
  inline: "src/package/inline.ts",
}

/** The workers: where they are started, and what their file is called. */
const WORKERS = {
  "src/editor/search/finder.ts": { source: "src/editor/search/worker.ts", file: "search-worker" },
  "src/preview/open-worker.ts": { source: "src/preview/worker.ts", file: "preview-worker" },
}

/** CodeMirror and its parsers, of which a page must have one copy. */
const CODEMIRROR = /^@(codemirror|lezer)\//
/** What is installed beside the package rather than bundled into it; our own imports begin with "." and "#". */
const INSTALLED = /^[@a-z]/

const plugins = [workerFiles(), fileAddresses(), packedWasm()]
const always: RolldownOptions = {
  platform: "browser",
  plugins,
  transform: { target: "es2023" },
}

export default defineConfig([
  {
    ...always,
    input: ENTRIES,
    external: source => INSTALLED.test(source) && !source.includes("?"),
    output: { dir: OUT, format: "es", chunkFileNames: "[name]-[hash].js" },
  },
  {
    ...always,
    plugins: [...plugins, oneFile()],
    input: { standalone: "src/package/standalone.ts" },
    output: {
      dir: OUT,
      format: "es",
      minify: true,
      chunkFileNames: "standalone-[name]-[hash].js",
      codeSplitting: {
        groups: [
          {
            debugName: "all",
            name: (id, modules) => (isAtOnce(id, id => modules.getModuleInfo(id)) ? "all" : null),
          },
        ],
      },
    },
  },
  ...Object.values(WORKERS).map(
    ({ source, file }): RolldownOptions => ({
      ...always,
      input: { [file]: source },
      output: { dir: OUT, format: "es", minify: true, codeSplitting: false },
    }),
  ),
  {
    ...always,
    input: { embed: "src/package/define.ts" },
    external: CODEMIRROR,
    output: { dir: join(ROOT, "../weighed"), format: "es", minify: true, chunkFileNames: "[name]-[hash].js" },
  },
])

const atOnce = new Map<string, boolean>()

/** Whether a module comes with the entry, rather than when it is wanted. */
function isAtOnce(id: string, infoOf: (id: string) => ModuleInfo | null): boolean {
  let known = atOnce.get(id)
  if (known !== undefined) return known
  // Modules that import each other.
  atOnce.set(id, false)
  let info = infoOf(id)
  let isRuntime = id.includes("rolldown/runtime")
  let found = isRuntime || !!(info?.isEntry || info?.importers.some(importer => isAtOnce(importer, infoOf)))
  atOnce.set(id, found)
  return found
}

/** Puts what comes at once into the entry's own file: the bundler keeps an entry apart from what others share with it. */
function oneFile(): Plugin {
  return {
    name: "one-file",
    generateBundle(_options, bundle) {
      let chunks = Object.values(bundle).filter(file => file.type === "chunk")
      let [entry, all] = [chunks.find(({ isEntry }) => isEntry), chunks.find(({ name }) => name === "all")]
      if (!entry || !all) throw new Error("the standalone module is not made of an entry and the rest")
      let inside = new Map(namesIn(all.code).map(([own, outer]) => [outer, own]))
      let names = namesIn(entry.code).map(([inner, outer]) => `${inside.get(inner)} as ${outer}`)
      entry.code = all.code.replace(EXPORTS, (_, list) => `export{${list},${names.join()}}`)
      for (let { fileName } of chunks) {
        let chunk = bundle[fileName]
        if (chunk?.type === "chunk")
          chunk.code = chunk.code.replaceAll(`./${all.fileName}`, `./${entry.fileName}`)
      }
      delete bundle[all.fileName]
    },
  }
}

const EXPORTS = /export\{([^}]*)\}/

/** What a chunk exports: pairs of a name inside and a name outside. */
function namesIn(code: string): [string, string][] {
  let list = EXPORTS.exec(code)?.[1] ?? ""
  return list.split(",").map(one => {
    let [inner = "", outer = inner] = one.trim().split(" as ")
    return [inner, outer]
  })
}

/** A worker's address is that of its built file: consumers' bundlers know `new Worker(new URL("./x.js", import.meta.url))`. */
function workerFiles(): Plugin {
  return {
    name: "worker-files",
    transform(code, id) {
      let found = Object.entries(WORKERS).find(([starter]) => id.endsWith(starter))
      return found ? code.replace('"./worker.ts"', `"./${found[1].file}.js"`) : undefined
    },
  }
}

/** `x?url` is the address of a copy of that file. */
function fileAddresses(): Plugin {
  let suffix = "?url"
  return {
    name: "file-addresses",
    resolveId(source, importer) {
      if (!source.endsWith(suffix) || !importer) return undefined
      let isOurs = source.startsWith(".")
      return { id: isOurs ? join(dirname(importer), source) : resolve("node_modules", source) }
    },
    load(id) {
      if (!id.endsWith(suffix)) return undefined
      let path = id.slice(0, -suffix.length)
      this.emitFile({ type: "asset", fileName: basename(path), source: readFileSync(path) })
      return { code: `export default new URL("./${basename(path)}", import.meta.url).href`, moduleType: "js" }
    },
  }
}

/** The wasm in base64. */
function packedWasm(): Plugin {
  let name = "#packed-wasm"
  return {
    name: "packed-wasm",
    resolveId: source => (source === name ? { id: name } : undefined),
    load(id) {
      if (id !== name) return undefined
      return { code: `export const packed = "${readFileSync(WASM).toString("base64")}"`, moduleType: "js" }
    },
  }
}
