/** A disk that fails a running server when it writes certain files, by means of strace. It knows nothing of what they hold. */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { within } from "./wait.mjs"

const WRITES = "write,pwrite64,pwritev,writev"

/** Whether this machine has strace. */
export const canFail = spawnSync("strace", ["-V"]).status === 0

/** From now on the first write of each thread to a file in the folder fails; returns how to end that, none if it may not be. */
export async function failWrites({ pid, store }) {
  const names = await readdir(store, { recursive: true })
  const files = names.flatMap(name => ["-P", join(store, name)])
  const fault = ["-e", `trace=${WRITES}`, "-e", `inject=${WRITES}:error=EIO:when=1`]
  const strace = spawn("strace", ["-f", "-p", String(pid), ...fault, ...files], { stdio: ["ignore", "ignore", "pipe"] })
  const gone = once(strace, "exit")
  const said = []
  const attached = new Promise(resolve => {
    const lines = createInterface({ input: strace.stderr })
    lines.on("line", line => {
      said.push(line)
      if (/attached/.test(line)) resolve(true)
    })
    lines.once("close", () => resolve(false))
  })
  if (!(await within(20_000, "strace", attached))) return
  return {
    said,
    async end() {
      strace.kill("SIGINT")
      await gone
    },
  }
}
