/** Who is here, as stock providers see it. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { PROVIDERS, peersOf } from "./support/peer.mjs"
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

for (const version of Object.keys(PROVIDERS)) {
  test(`${version} sees who is here in its first second`, async t => {
    const [server, join] = [await serverFor(t), peersOf(t)]
    const ann = await named(join, server, "Ann")
    const bob = await named(join, server, "Bob")
    await until("Ann and Bob to meet", [ann, bob], () => sees(ann, "Bob") && sees(bob, "Ann"))
    const carol = join(server, "presence", { version })
    await until("the connection", [carol], () => carol.provider.wsconnected)
    await until("the people who are here", [carol], () => sees(carol, "Ann", "Bob"), AT_ONCE_MS)
  })
}

test("a state reaches the others each time it changes, and nothing of it is lost", async t => {
  const [server, join] = [await serverFor(t), peersOf(t)]
  const ann = await named(join, server, "Ann")
  const bob = await named(join, server, "Bob", { version: "3.0.0" })
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

test("somebody who leaves is gone for the others at once, and back when they return", async t => {
  const [server, join] = [await serverFor(t), peersOf(t)]
  const ann = await named(join, server, "Ann")
  const bob = await named(join, server, "Bob")
  await until("Bob", [ann], () => sees(ann, "Bob"))
  bob.provider.disconnect()
  await until("Bob to leave", [ann], () => sees(ann), AT_ONCE_MS)
  const returned = performance.now()
  bob.provider.connect()
  await until("Bob to return", [ann], () => sees(ann, "Bob"))
  t.diagnostic(`he was seen again after ${Math.round(performance.now() - returned)} ms`)
})

test("somebody whose connection breaks off is gone for the others at once", async t => {
  const [server, join] = [await serverFor(t), peersOf(t)]
  const ann = await named(join, server, "Ann")
  const bob = await named(join, server, "Bob")
  await until("Bob", [ann], () => sees(ann, "Bob"))
  // No word of goodbye: the server has to notice by itself.
  bob.provider.shouldConnect = false
  bob.provider.ws.terminate()
  await until("Bob to be gone", [ann], () => sees(ann), AT_ONCE_MS)
})

for (const version of Object.keys(PROVIDERS)) {
  test(`people see each other again after a restart with ${version}`, async t => {
    const [server, join] = [await serverFor(t), peersOf(t)]
    const ann = await named(join, server, "Ann", { version })
    const bob = await named(join, server, "Bob", { version })
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

test("whoever asks who is here is told", async t => {
  const [server, join] = [await serverFor(t), peersOf(t)]
  await named(join, server, "Ann")
  const raw = new RawPeer(server, "presence")
  t.after(() => raw.leave())
  const told = () => raw.frames.filter(frame => frame[0] === 1 && frame.includes('"Ann"')).length
  await until("the people here", [raw], () => told() === 1)
  await raw.send(3)
  await until("the people here, once more", [raw], () => told() === 2)
})
