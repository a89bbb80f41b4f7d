/** What a stock client was told is on disk outlives `kill -9`; a y-websocket client gets its own bytes back then. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { below, SEED } from "./support/mischief.mjs"
import { converged, NAMES, peersOf } from "./support/peer.mjs"
import { RawPeer } from "./support/raw.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

/** Ends of one server; each comes while somebody types with each provider. */
const ROUNDS = 3
/** Words after which the server ends, at most. */
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
  const raw = new RawPeer(`${server.url}/echo`)
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
    const raw = new RawPeer(`${server.url}/echo-${round}`)
    t.after(() => raw.leave())
    await raw.send(...HI)
    await raw.received(...HI)
    await server.kill()
    await server.run()
    const late = new RawPeer(`${server.url}/echo-${round}`)
    t.after(() => late.leave())
    await late.send(0, 0, 1, 0)
    await late.received(0, 1, ...HI.slice(2))
  }
})

/** Types words nobody else types until its server is gone; knows how many of them it was told are on disk. */
class Typist {
  #words = []
  #before

  constructor(peer, name, random) {
    this.peer = peer
    this.name = name
    this.random = random
    this.#before = peer.acknowledged
  }

  type() {
    const text = this.peer.doc.getText("text")
    const word = `<${this.name}.${this.#words.length}>`
    // At the ends, so that nobody types into somebody's word.
    text.insert(this.random(2) === 0 ? 0 : text.length, word)
    this.#words.push(word)
  }

  /** The words that it was told are on disk. */
  promised() {
    return this.#words.slice(0, this.peer.acknowledged - this.#before)
  }
}

for (const end of ["kill", "terminate"]) {
  test(`${end === "kill" ? "kill -9" : "SIGTERM"} while everybody types loses nothing that was acknowledged`, async t => {
    t.diagnostic(`CODRAFT_SEED=${SEED}`)
    const [server, join, random] = [await serverFor(t), peersOf(t), below(SEED)]
    const promised = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const peers = await Promise.all(NAMES.map(by => join(server, "end", { by }).saved()))
      const typists = peers.map((peer, at) => new Typist(peer, `${at}.${round}`, random))
      await typeUntilTheEnd(server, typists, random, end)
      promised.push(...typists.flatMap(typist => typist.promised()))
      // What they still have must not come back through them.
      for (const { peer } of typists) peer.leave()
      await server.run()
      const late = await join(server, "end").synced()
      const text = late.doc.getText("text").toString()
      const lost = promised.filter(word => !text.includes(word))
      assert.deepEqual(lost, [], `round ${round} of CODRAFT_SEED=${SEED}`)
      for (const [at, typist] of typists.entries()) {
        assert.ok(typist.promised().length > 0, `nothing was acknowledged to ${NAMES[at]}`)
      }
    }
    t.diagnostic(`${promised.length} words were acknowledged and were there`)
  })
}

/** Everyone types as acknowledgements come, and the server ends between two words. */
async function typeUntilTheEnd(server, typists, random, end) {
  const peers = typists.map(({ peer }) => peer)
  const acknowledged = () => peers.reduce((sum, peer) => sum + peer.acknowledged, 0)
  const last = WORDS / 2 + random(WORDS / 2)
  for (let word = 0; word < last; word += 1) {
    const before = acknowledged()
    typists[random(typists.length)].type()
    if (random(3) === 0) await until("an acknowledgement", peers, () => acknowledged() > before)
  }
  const code = await server[end]()
  if (end === "terminate") assert.equal(code, 0)
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
  assert.deepEqual([...ann.codes, ...bob.codes], [])
  assert.equal(ann.echoes.length, BURST_UPDATES)
})
