/**
 * Puts the package that `cargo xtask package` has made where an app has it: unpacked from its archive, as npm does it.
 * Knows where the archive is, and nothing of what is in it.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { join } from "node:path"

const HERE = fileURLToPath(new URL("..", import.meta.url))
/** Where the archive is; `cargo xtask` says so when that is elsewhere. */
export const FOLDER = process.env.CODRAFT_NPM ?? join(HERE, "../../target/npm")

/** The archive's path. */
export function archive() {
  let name = readdirSync(FOLDER).find(name => /^codraft-.*\.tgz$/.test(name))
  if (!name) throw new Error(`there is no package in ${FOLDER}: cargo xtask package makes it`)
  return join(FOLDER, name)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let place = join(HERE, "node_modules/codraft")
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  execFileSync("tar", ["-xzf", archive(), "-C", place, "--strip-components=1"])
}
