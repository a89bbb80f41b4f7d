/** The bot of `examples/`, as somebody runs it, beside stock Yjs clients. It knows what the bot answers, not how. */
import assert from "node:assert/strict"
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { before, test } from "node:test"
import { createServer } from "node:tls"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as Y from "yjs"
import { peersOf } from "./support/peer.mjs"
import { newKey, Shared } from "./support/rights.mjs"
import { Server } from "./support/server.mjs"
import { until, within } from "./support/wait.mjs"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
/** A first build compiles the client and all it is made of. */
const BUILD_MS = 600_000

let binary
before(
  async () => {
    const words = ["build", "--quiet", "--package", "codraft-bot", "--message-format", "json-render-diagnostics"]
    const { stdout } = await promisify(execFile)("cargo", words, { cwd: ROOT, maxBuffer: 64 << 20 })
    const built = stdout.trim().split("\n").map(line => JSON.parse(line))
    binary = built.findLast(({ executable }) => executable).executable
  },
  { timeout: BUILD_MS },
)

/** A bot in a document, and what it has said so far. */
class Bot {
  said = ""
  #listeners = new Set()

  constructor(t, address, token = "", more = {}) {
    const env = { ...process.env, CODRAFT_TOKEN: token, ...more }
    this.process = spawn(binary, [address], { env, stdio: ["ignore", "ignore", "pipe"] })
    t.after(() => this.process.kill("SIGKILL"))
    this.process.stderr.on("data", said => {
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

  /** The exit code, once it ends; `signal` has it stop. */
  async ends(signal) {
    const gone = once(this.process, "exit")
    if (signal) this.process.kill(signal)
    const [code] = await within(20_000, "the bot to end", gone)
    return code
  }
}

async function serverFor(t, flags) {
  const server = await Server.start({ flags })
  t.after(() => server.remove())
  return server
}

const TLS = new URL("../fixtures/tls/", import.meta.url)

/** Something that speaks TLS in front of a server, as a proxy does; its port. */
async function behindTls(t, server) {
  const [key, cert] = ["key.pem", "cert.pem"].map(name => readFileSync(new URL(name, TLS)))
  const proxy = createServer({ key, cert }, outside => {
    const inside = connect(new URL(server.origin).port, "127.0.0.1")
    outside.pipe(inside).pipe(outside)
    outside.on("error", () => inside.destroy())
    inside.on("error", () => outside.destroy())
  })
  // A bot that does not trust the certificate hangs up.
  proxy.on("tlsClientError", () => {})
  proxy.listen(0, "127.0.0.1")
  await once(proxy, "listening")
  t.after(() => proxy.close())
  return proxy.address().port
}

const textOf = peer => peer.doc.getText("content")

/** Types at a caret that is kept as editors keep theirs. */
function typist(peer) {
  let caret = Y.createRelativePositionFromTypeIndex(textOf(peer), textOf(peer).length)
  return words => {
    const { index } = Y.createAbsolutePositionFromRelativePosition(caret, peer.doc)
    textOf(peer).insert(index, words)
    caret = Y.createRelativePositionFromTypeIndex(textOf(peer), index + words.length)
  }
}

test("the bot is seen, answers, and leaves everybody's caret where it was", async t => {
  const [server, join] = [await serverFor(t), peersOf(t)]
  const [ann, ben] = [await join(server, "notes").synced(), await join(server, "notes").synced()]
  const bot = new Bot(t, `${server.origin}/d/notes`)
  await until("the bot", [ann], () => ann.others().some(({ user }) => user?.name === "Bot"))
  const { user } = ann.others().find(({ user }) => user)
  assert.deepEqual([user.color, user.colorLight], ["#8a4bc1", "#8a4bc133"])
  const type = typist(ann)
  type("@bot how many?")
  await ann.saved()
  type("\n")
  await until("the answer", [ann], () => textOf(ann).toString().includes("There are 3 words here."))
  type("and on")
  const text = "@bot how many?\nThere are 3 words here.\nand on"
  assert.equal(textOf(ann).toString(), text)
  await until("the same", [ben], () => textOf(ben).toString() === text)
  // What somebody takes out of the text stays out.
  textOf(ben).delete(14, 24)
  textOf(ben).insert(textOf(ben).length, "\n@bot?\n@bot!\n")
  const both = "@bot how many?\nand on\n@bot?\nThere are 7 words here.\n@bot!\nThere are 7 words here.\n"
  await until("both answers", [ann], () => textOf(ann).toString() === both)
  assert.equal(await bot.ends("SIGINT"), 0)
  await until("its leaving", [ann], () => !ann.others().some(({ user }) => user))
})

test("the bot waits for a server that was killed, and what it was told is saved stays", async t => {
  const [server, join] = [await serverFor(t), peersOf(t)]
  const ann = await join(server, "notes").synced()
  const bot = new Bot(t, `${server.url}/notes`)
  await bot.says("connected; everything is saved")
  textOf(ann).insert(0, "@bot\n")
  await bot.says("connected; not saved yet\nconnected; everything is saved")
  await server.kill()
  await bot.says("not connected")
  await server.run()
  const fresh = await join(server, "notes").synced()
  assert.equal(textOf(fresh).toString(), "@bot\nThere are 1 words here.\n")
  textOf(fresh).insert(0, "@bot again\n")
  await until("the answer", [fresh], () => textOf(fresh).toString().startsWith("@bot again\nThere are 8 words"))
  assert.equal(await bot.ends("SIGINT"), 0)
})

test("the bot comes in by a link or a token, and says in one line why it does not", async t => {
  const links = await serverFor(t, ["--access", "links"])
  const shared = await Shared.begin(links)
  const bot = new Bot(t, `${links.origin}/d/${shared.name}#key=${shared.owner}`)
  await bot.says("connected")
  const tokens = await serverFor(t, ["--access", "tokens"])
  const key = await newKey(tokens)
  const named = new Bot(t, `${tokens.url}/notes`, key.token({ docs: ["notes"], role: "editor", sub: "7", name: "Otter" }))
  await named.says("connected")
  const ann = await peersOf(t)(tokens, "notes", {
    token: () => key.token({ docs: ["notes"], role: "editor", sub: "8", name: "Ann" }),
  }).synced()
  await until("the name of its token", [ann], () => ann.others()[0]?.user?.name === "Otter")
  const refused = new Bot(t, `${tokens.url}/notes`, "nonsense")
  assert.equal(await refused.ends(), 1)
  assert.equal(
    refused.said,
    "Error: the server refused this program (4401): this link or token does not let anybody in; " +
      "bring a link or a token that is good for this document\n",
  )
})

test("the bot speaks TLS with whom it trusts, and says that it does not trust the others", async t => {
  const server = await serverFor(t)
  const address = `https://localhost:${await behindTls(t, server)}/d/notes`
  const bot = new Bot(t, address, "", { SSL_CERT_FILE: fileURLToPath(new URL("ca.pem", TLS)) })
  const strict = new Bot(t, address)
  await bot.says("connected")
  assert.equal(await bot.ends("SIGINT"), 0)
  assert.equal(await strict.ends(), 1)
  assert.match(strict.said, /^Error: the server cannot be reached: invalid peer certificate/)
})
