/** The programs of `examples/`, as they are run by somebody who tries them. The pages are opened in `tests/browser`. */
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { copyFile, mkdir } from "node:fs/promises"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until, within } from "./support/wait.mjs"

const EXAMPLES = new URL("../../examples/", import.meta.url)
/** Where the packages that they name are found: beside the tests. */
const WORKPLACE = new URL("node_modules/.examples/", import.meta.url)

let server
before(async () => {
  server = await Server.start()
  await mkdir(WORKPLACE, { recursive: true })
})
after(() => server.remove())

/** A running example, and what it has said so far. */
class Program {
  said = ""
  #listeners = new Set()

  constructor(path, words) {
    this.process = spawn("node", [path, ...words], { stdio: ["ignore", "pipe", "inherit"] })
    this.process.stdout.on("data", said => {
      this.said += said
      for (const listener of this.#listeners) listener()
    })
  }

  listen(callback) {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  async says(words) {
    await until(words, [this], () => this.said.includes(words))
  }
}

async function run(t, name, ...words) {
  const path = fileURLToPath(new URL(name, WORKPLACE))
  await copyFile(new URL(name, EXAMPLES), path)
  const program = new Program(path, words)
  t.after(() => program.process.kill("SIGKILL"))
  return program
}

test("follow.mjs shows a document and what becomes of it", async t => {
  const ann = await peersOf(t)(server, "follow").synced()
  const text = ann.doc.getText("content")
  text.insert(0, "as it was")
  await ann.saved()
  const program = await run(t, "follow.mjs", "follow", server.url.replace("/ws", ""))
  await program.says("--- follow: 9 characters ---\nas it was")
  text.insert(9, ", and more")
  await program.says('[{"retain":9},{"insert":", and more"}]')
})

test("y-sweet.mjs saves a line before it says so", async t => {
  for (const [at, line] of ["first", "second"].entries()) {
    const program = await run(t, "y-sweet.mjs", "sweet", line, server.origin.replace("http", "ys"))
    const [code] = await within(20_000, "the end", once(program.process, "exit"))
    assert.equal(code, 0)
    assert.match(program.said, new RegExp(`^saved, ${at + 1} in all:\n`))
    await server.kill()
    await server.run()
  }
  const late = await peersOf(t)(server, "sweet").synced()
  assert.deepEqual(late.doc.getArray("lines").toArray(), ["first", "second"])
})
