/** The programs of `examples/`, as they are run by somebody who tries them. The pages are opened in `tests/browser`. */
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { copyFile, mkdir } from "node:fs/promises"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { peersOf } from "./support/peer.mjs"
import { newKey } from "./support/rights.mjs"
import { freePort, Server } from "./support/server.mjs"
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

  constructor(path, words, env) {
    const stdio = ["ignore", "pipe", "inherit"]
    this.process = spawn("node", [path, ...words], { env: { ...process.env, ...env }, stdio })
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

async function run(t, name, words, env) {
  const path = fileURLToPath(new URL(name, WORKPLACE))
  await copyFile(new URL(name, EXAMPLES), path)
  const program = new Program(path, words, env)
  t.after(() => program.process.kill("SIGKILL"))
  return program
}

test("follow.mjs shows a document and what becomes of it", async t => {
  const ann = await peersOf(t)(server, "follow").synced()
  const text = ann.doc.getText("content")
  text.insert(0, "as it was")
  await ann.saved()
  const program = await run(t, "follow.mjs", ["follow", server.url.replace("/ws", "")])
  await program.says("--- follow: 9 characters ---\nas it was")
  text.insert(9, ", and more")
  await program.says('[{"retain":9},{"insert":", and more"}]')
})

test("y-sweet.mjs saves a line before it says so", async t => {
  for (const [at, line] of ["first", "second"].entries()) {
    const program = await run(t, "y-sweet.mjs", ["sweet", line, server.origin.replace("http", "ys")])
    const [code] = await within(20_000, "the end", once(program.process, "exit"))
    assert.equal(code, 0)
    assert.match(program.said, new RegExp(`^saved, ${at + 1} in all:\n`))
    await server.kill()
    await server.run()
  }
  const late = await peersOf(t)(server, "sweet").synced()
  assert.deepEqual(late.doc.getArray("lines").toArray(), ["first", "second"])
})

test("backend.mjs lets its users in as whom they are, and nobody else", async t => {
  const guarded = await Server.start({ flags: ["--access", "tokens"] })
  t.after(() => guarded.remove())
  const [{ id, secret }, port] = [await newKey(guarded), await freePort()]
  const program = await run(t, "backend.mjs", [], { KEY_ID: id, KEY: secret, PORT: port })
  await program.says(`http://localhost:${port}`)
  const token = async user => (await fetch(`http://localhost:${port}/token?user=${user}`)).text()
  const join = peersOf(t)
  const peer = async user => {
    const shown = await token(user)
    return join(guarded, "notes", { token: () => shown })
  }
  const [ann, ben, eve] = [await peer("ann"), await peer("ben"), await peer("eve")]
  const text = ({ doc }) => doc.getText("content")
  text(ann).insert(0, "from Ann")
  ann.awareness.setLocalState({})
  await ann.saved()
  const sees = () => text(ben).toString() === "from Ann" && ben.others()[0]?.user.name === "Ann"
  await until("Ann and her words", [ben], sees)
  text(ben).insert(0, "from Ben ")
  ben.awareness.setLocalState({})
  await until("Ben", [ann], () => ann.others()[0]?.user.name === "Ben")
  assert.equal(text(ann).toString(), "from Ann")
  await until("the refusal", [eve], () => eve.stopped?.code === 4401)
})
