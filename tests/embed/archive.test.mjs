/**
 * The archive as others judge it: by publint and are-the-types-wrong, by its manifests and by what it asks to be installed.
 * Knows files, and runs nothing of them.
 */
import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { publint } from "publint"
import { archive } from "./support/unpack.mjs"

const HERE = fileURLToPath(new URL(".", import.meta.url))
const PACKAGE = join(HERE, "node_modules/codraft")
let require = createRequire(import.meta.url)
let about = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"))

test("publint has nothing to say", async () => {
  let { messages } = await publint({ pkgDir: PACKAGE, strict: true })
  assert.deepEqual(messages, [])
})

test("the types are right for everybody who can import a module", () => {
  // What is CommonJS cannot require a module, and the wasm has no types.
  let words = ["--profile", "esm-only", "--exclude-entrypoints", "./codraft.wasm", "./custom-elements.json", "--quiet"]
  // It ends with an error when it finds one.
  execFileSync(join(HERE, "node_modules/.bin/attw"), [archive(), ...words], { encoding: "utf8" })
})

test("every entry is there, and so is every file that the package speaks of", () => {
  for (let entry of Object.values(about.exports).flatMap(where => (typeof where === "string" ? [where] : Object.values(where))))
    assert.ok(existsSync(join(PACKAGE, entry)), entry)
  let manifest = JSON.parse(readFileSync(join(PACKAGE, about.customElements), "utf8"))
  let tags = manifest.modules.flatMap(({ declarations }) => declarations).map(({ tagName }) => tagName)
  assert.deepEqual(tags.sort(), ["codraft-editor", "codraft-outline", "codraft-presence", "codraft-share", "codraft-status"])
})

test("these tests have what the package asks for", () => {
  let asked = Object.keys({ ...about.dependencies, ...about.peerDependencies })
  let { devDependencies } = require("./package.json")
  assert.deepEqual(asked.filter(name => !devDependencies[name]), [])
})
