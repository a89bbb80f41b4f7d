/** Who is here, as stock providers see it. */
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { ALL_PROVIDERS, NAMES, peersOf } from "./support/peer.mjs"
import { RawPeer } from "./support/raw.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

/** How long a newcomer or a leaver may go unnoticed, in ms. */
const AT_ONCE_MS = 1_000

async function serverFor(test) {
  const server = await Server.start()
  test.after(() => server.remove())
  return server
}

const names = peer =>
  peer
    .others()
    .map(({ user }) => user?.name)
    .sort()
const sees = (peer, ...people) => names(peer).join() === people.sort().join()

/** Joins under a name. */
async function named(join, server, name, options) {
  const peer = join(server, "presence", options)
  peer.awareness.setLocalStateField("user", { name, color: "#30bced" })
  return peer.synced()
}

for (const by of Object.keys(ALL_PROVIDERS)) {
  test(`${by} sees who is here in its first second, whatever they connect with`, async t => {
    const [server, join] = [await serverFor(t), peersOf(t)]
    const here = await Promise.all(NAMES.map(by => named(join, server, by, { by })))
    const met = (peer, at) => sees(peer, ...NAMES.filter(name => name !== NAMES[at]))
    await until("everyone to meet", here, () => here.every(met))
    const late = join(server, "presence", { by })
    await until("the connection", [late], () => late.isConnected)
    await until("the people who are here", [late], () => sees(late, ...NAMES), AT_ONCE_MS)
    late.awareness.setLocalState({ user: { name: "late" } })
    await until("who came late", here, () => here.every(peer => names(peer).includes("late")), AT_ONCE_MS)
  })
}

/** Each provider with the next in the list, so that each is on both sides once. */
const PAIRS = NAMES.map((by, at) => [by, NAMES[(at + 2) % NAMES.length]])

for (const [by, other] of PAIRS) {
  test(`each state of ${by} reaches ${other} whole`, async t => {
    const [server, join] = [await serverFor(t), peersOf(t)]
    const ann = await named(join, server, "Ann", { by })
    const bob = await named(join, server, "Bob", { by: other })
    await until("Ann", [bob], () => sees(bob, "Ann"))
    for (let at = 0; at < 20; at += 1) {
      ann.awareness.setLocalStateField("cursor", { anchor: { item: at }, label: "🙂", app: [null, { at }] })
      await until(`cursor ${at}`, [bob], () => bob.others()[0].cursor?.anchor.item === at)
    }
    assert.deepEqual(bob.others(), [ann.awareness.getLocalState()])
    ann.awareness.setLocalState(null)
    await until("Ann to hide", [bob], () => sees(bob))
    ann.awareness.setLocalState({ user: { name: "Ann" } })
    await until("Ann to show herself", [bob], () => sees(bob, "Ann"))
  })
}

for (const by of NAMES) {
  test(`who leaves with ${by} is gone for the others at once, and back when they return`, async t => {
    const [server, join] = [await serverFor(t), peersOf(t)]
    const ann = await named(join, server, "Ann")
    const bob = await named(join, server, "Bob", { by })
    await until("Bob", [ann], () => sees(ann, "Bob"))
    await bob.disconnect()
    await until("Bob to leave", [ann], () => sees(ann), AT_ONCE_MS)
    const returned = performance.now()
    bob.connect()
    await until("Bob to return", [ann], () => sees(ann, "Bob"))
    t.diagnostic(`he was seen again after ${Math.round(performance.now() - returned)} ms`)
  })
}

for (const by of NAMES) {
  test(`whose connection with ${by} breaks off is gone for the others at once`, async t => {
    const [server, join] = [await serverFor(t), peersOf(t)]
    const ann = await named(join, server, "Ann")
    const bob = await named(join, server, "Bob", { by })
    await until("Bob", [ann], () => sees(ann, "Bob"))
    // No word of goodbye: the server has to notice by itself.
    bob.breakOff()
    await until("Bob to be gone", [ann], () => sees(ann), AT_ONCE_MS)
  })
}

// At once: a stock client says who it is with a clock that is news to nobody, until it says so anew every 15 s.
describe("after a restart", { concurrency: true }, () => {
  for (const by of NAMES) {
    test(`people see each other again with ${by}`, async t => {
      const [server, join] = [await serverFor(t), peersOf(t)]
      const ann = await named(join, server, "Ann", { by })
      const bob = await named(join, server, "Bob", { by })
      await until("Bob", [ann], () => sees(ann, "Bob"))
      await server.kill()
      await until("everyone to be offline", [ann, bob], () => sees(ann) && sees(bob))
      await server.run()
      const started = performance.now()
      await until("Ann and Bob to meet again", [ann, bob], () => sees(ann, "Bob") && sees(bob, "Ann"))
      t.diagnostic(
        `they saw each other ${Math.round(performance.now() - started)} ms after the server was back`,
      )
    })
  }
})

test("whoever asks who is here is told", async t => {
  const [server, join] = [await serverFor(t), peersOf(t)]
  await named(join, server, "Ann")
  const raw = new RawPeer(`${server.url}/presence`)
  t.after(() => raw.leave())
  const told = () => raw.frames.filter(frame => frame[0] === 1 && frame.includes('"Ann"')).length
  await until("the people here", [raw], () => told() === 1)
  await raw.send(3)
  // At once: every 15 s Ann says by herself that she is here.
  await until("the people here, once more", [raw], () => told() === 2, AT_ONCE_MS)
})
