/**
 * Puts the npm package together behind the bundler: types, the wasm, what it depends on, its description.
 * Knows which files belong into it, and nothing of what is in them. Writes to `CODRAFT_PACKAGE`.
 */
import { execFileSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const WEB = fileURLToPath(new URL("..", import.meta.url))
const OUT = resolve(WEB, process.env.CODRAFT_PACKAGE ?? "../target/npm/codraft")
const DECLARED = join(OUT, "../declared")
const TYPES = join(OUT, "dist/types")

const TOOLS = join(WEB, "node_modules/.bin")

let about = JSON.parse(readFileSync(join(WEB, "package/package.json"), "utf8"))
copyFileSync(join(WEB, "wasm/codraft_client_bg.wasm"), join(OUT, "dist/codraft.wasm"))
for (let licence of ["LICENSE-APACHE", "LICENSE-MIT"])
  copyFileSync(join(WEB, "..", licence), join(OUT, licence))
copyFileSync(join(WEB, "package/README.md"), join(OUT, "README.md"))
execFileSync(join(TOOLS, "tsc"), ["-p", "tsconfig.package.json", "--outDir", DECLARED], {
  cwd: WEB,
  stdio: "inherit",
})
for (let { types } of Object.values(about.exports))
  if (types) takeTypes(join(DECLARED, relative("dist/types", types)))
writeManifest()
let described = { ...about, version: version(), dependencies: dependencies() }
writeFileSync(join(OUT, "package.json"), `${JSON.stringify(described, null, 2)}\n`)

/** Copies a file of types and all that it builds on, with the endings that a module's address has. */
function takeTypes(path) {
  let copy = join(TYPES, relative(DECLARED, path))
  if (existsSync(copy)) return
  let needed = []
  let text = readFileSync(path, "utf8").replace(
    /((?:from|import\()\s*")(\.[^"]+)(")/g,
    (_, before, source, after) => {
      let module = source.replace(/\.ts$/, "")
      needed.push(join(dirname(path), `${module}.d.ts`))
      return `${before}${module}.js${after}`
    },
  )
  mkdirSync(dirname(copy), { recursive: true })
  writeFileSync(copy, text)
  for (let next of needed) takeTypes(next)
}

/** What editors and catalogues of components read: the elements alone, at the addresses that apps import. */
function writeManifest() {
  let path = join(OUT, "custom-elements.json")
  execFileSync(
    join(TOOLS, "cem"),
    ["analyze", "--quiet", "--globs", "src/package/*.ts", "--outdir", relative(WEB, OUT)],
    {
      cwd: WEB,
    },
  )
  let { modules, ...rest } = JSON.parse(readFileSync(path, "utf8"))
  let declarations = modules
    .flatMap(({ declarations }) => declarations ?? [])
    .filter(({ tagName }) => tagName)
  let isPublic = ({ privacy, name }) => !privacy && !name.startsWith("#") && !/Callback$/.test(name)
  for (let element of declarations) element.members = element.members?.filter(isPublic)
  let exported = (kind, { name, tagName }) => ({
    kind,
    name: kind === "js" ? name : tagName,
    declaration: { name, module: "dist/element.js" },
  })
  let elements = {
    kind: "javascript-module",
    path: "dist/element.js",
    declarations,
    exports: declarations.map(one => exported("js", one)),
  }
  let definitions = {
    kind: "javascript-module",
    path: "dist/define.js",
    declarations: [],
    exports: declarations.map(one => exported("custom-element-definition", one)),
  }
  writeFileSync(path, `${JSON.stringify({ ...rest, modules: [elements, definitions] }, null, 2)}\n`)
}

/** The packages that the bundle names and an app does not bring, at the versions that they are tested with. */
function dependencies() {
  let files = readdirSync(join(OUT, "dist")).filter(
    name => name.endsWith(".js") && !name.startsWith("standalone"),
  )
  let named = new Set()
  for (let file of files) {
    let code = readFileSync(join(OUT, "dist", file), "utf8")
    for (let [, source] of code.matchAll(/(?:from|import|import\()\s*"([@a-z][^"]*)"/g))
      named.add(packageOf(source))
  }
  let { dependencies } = JSON.parse(readFileSync(join(WEB, "package.json"), "utf8"))
  let ours = [...named].filter(name => !about.peerDependencies[name]).sort()
  let unknown = ours.filter(name => !dependencies[name])
  if (unknown.length) throw new Error(`web/package.json does not have ${unknown.join()}`)
  return Object.fromEntries(ours.map(name => [name, dependencies[name]]))
}

function packageOf(source) {
  return source.split("/", source.startsWith("@") ? 2 : 1).join("/")
}

/** The version of everything that is built and released together. */
function version() {
  let [, found] = /^version = "(.+)"$/m.exec(readFileSync(join(WEB, "../Cargo.toml"), "utf8")) ?? []
  if (!found) throw new Error("Cargo.toml has no version")
  return found
}
