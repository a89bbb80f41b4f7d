/** A stock writer gets their own bytes back once they are on disk, and what came back outlives `kill -9`. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { below, SEED } from "./support/mischief.mjs"
import { converged, peersOf } from "./support/peer.mjs"
import { RawPeer } from "./support/raw.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

/** Kills of one server; each comes while three people type. */
const ROUNDS = 3
/** Words after which the server is killed, at most. */
const WORDS = 200
/** One-letter updates sent without a pause. */
const REPLAY_UPDATES = 5_000
/** The same, more than one flush to disk can keep up with. */
const BURST_UPDATES = 20_000

/** "hi" in the text "x", by client 1, as stock clients send it. */
const HI = [0, 2, 12, 1, 1, 1, 0, 4, 1, 1, 0x78, 2, 0x68, 0x69, 0]

async function serverFor(test) {
  const server = await Server.start()
  test.after(() => server.remove())
  return server
}

test("a writer's own bytes come back, also when they bring nothing new", async t => {
  const server = await serverFor(t)
  const raw = new RawPeer(server, "echo")
  t.after(() => raw.leave())
  await raw.send(...HI)
  await raw.received(...HI)
  const echoes = () => raw.frames.filter(frame => frame.equals(Buffer.from(HI))).length
  assert.equal(echoes(), 1)
  await raw.send(...HI)
  await until("the second echo", [raw], () => echoes() === 2)
})

test("what came back is there after kill -9", async t => {
  const server = await serverFor(t)
  for (let round = 0; round < 10; round += 1) {
    const raw = new RawPeer(server, `echo-${round}`)
    t.after(() => raw.leave())
    await raw.send(...HI)
    await raw.received(...HI)
    await server.kill()
    await server.run()
    const late = new RawPeer(server, `echo-${round}`)
    t.after(() => late.leave())
    await late.send(0, 0, 1, 0)
    await late.received(0, 1, ...HI.slice(2))
  }
})

/** Types words nobody else types until its server is gone; knows which of them came back. */
class Typist {
  #words = new Map()
  #typed = 0

  constructor(peer, name, random) {
    this.peer = peer
    this.name = name
    this.random = random
    peer.doc.on("update", (update, origin) => {
      if (origin !== peer.provider) this.#words.set(Buffer.from(update).toString("base64"), this.#word)
    })
  }

  get #word() {
    return `<${this.name}.${this.#typed}>`
  }

  type() {
    const text = this.peer.doc.getText("text")
    this.#typed += 1
    // At the ends, so that nobody types into somebody's word.
    text.insert(this.random(2) === 0 ? 0 : text.length, this.#word)
  }

  /** The words whose updates came back. */
  promised() {
    return this.peer.echoes
      .map(update => this.#words.get(Buffer.from(update).toString("base64")))
      .filter(Boolean)
  }
}

test("kill -9 while stock clients type loses nothing that came back", async t => {
  t.diagnostic(`CODRAFT_SEED=${SEED}`)
  const [server, join, random] = [await serverFor(t), peersOf(t), below(SEED)]
  const promised = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const typists = ["ann", "bob", "carol"].map(
      (name, at) =>
        new Typist(join(server, "kill", { version: at ? "3.1.0" : "3.0.0" }), `${name}.${round}`, random),
    )
    for (const { peer } of typists) await peer.synced()
    await typeUntilKilled(server, typists, random)
    // What they still have must not come back through them.
    for (const { peer } of typists) peer.provider.disconnect()
    promised.push(...typists.flatMap(typist => typist.promised()))
    await server.run()
    const late = await join(server, "kill").synced()
    const text = late.doc.getText("text").toString()
    const lost = promised.filter(word => !text.includes(word))
    assert.deepEqual(lost, [], `round ${round} of CODRAFT_SEED=${SEED}`)
  }
  assert.ok(promised.length > ROUNDS, `only ${promised.length} words came back`)
  t.diagnostic(`${promised.length} words came back and were there`)
})

/** Everyone types as echoes come, and the server is killed between two words. */
async function typeUntilKilled(server, typists, random) {
  const peers = typists.map(({ peer }) => peer)
  const kill = WORDS / 2 + random(WORDS / 2)
  for (let word = 0; word < kill; word += 1) {
    const echoes = () => peers.reduce((sum, peer) => sum + peer.echoes.length, 0)
    const before = echoes()
    typists[random(typists.length)].type()
    if (random(3) === 0) await until("an echo", peers, () => echoes() > before)
  }
  await server.kill()
}

/** Types a text a letter at a time without a pause, and waits until it is everywhere and on disk. */
async function replay(test, updates) {
  const [server, join] = [await serverFor(test), peersOf(test)]
  const ann = await join(server, "replay").synced()
  const bob = await join(server, "replay").synced()
  const text = ann.doc.getText("text")
  const started = performance.now()
  for (let at = 0; at < updates; at += 1) text.insert(at, String.fromCharCode(97 + (at % 26)))
  await until("the whole text", [bob], () => bob.doc.getText("text").length === updates)
  const arrived = performance.now() - started
  await ann.saved()
  const saved = performance.now() - started
  await converged(ann, bob)
  return { ann, bob, arrived, saved }
}

test(`${REPLAY_UPDATES} updates without a pause arrive whole`, async t => {
  const { ann, bob, arrived, saved } = await replay(t, REPLAY_UPDATES)
  assert.equal(bob.doc.getText("text").toString(), ann.doc.getText("text").toString())
  const rate = Math.round(REPLAY_UPDATES / (arrived / 1_000))
  t.diagnostic(`${rate} updates/s arrived; all were on disk after ${Math.round(saved)} ms`)
})

test("nobody is sent away for typing fast", async t => {
  const { ann, bob } = await replay(t, BURST_UPDATES)
  assert.equal(ann.closes + bob.closes, 0)
  assert.equal(ann.echoes.length, BURST_UPDATES)
})
