/** What only Hocuspocus's providers do: many documents and sessions on one socket, tokens in band, messages of apps. */
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { setTimeout as pass } from "node:timers/promises"
import { converged, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { Hocuspocus3, Hocuspocus4 } from "./support/stock/hocuspocus.mjs"
import { until } from "./support/wait.mjs"

const FAMILIES = { "Hocuspocus 3.4.4": Hocuspocus3, "Hocuspocus 4.8.0": Hocuspocus4 }
/** A token counts for 5 s longer than it says: clocks differ. */
const EXPIRED_MS = 7_000

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

const text = peer => peer.doc.getText("text")

/** A socket for a test to share, which ends with it. */
function socketOf(t, by) {
  const socket = FAMILIES[by].socketTo(server)
  t.after(() => socket.destroy())
  return socket
}

for (const by of Object.keys(FAMILIES)) {
  test(`${by} has several documents on one socket`, async t => {
    const [join, socket] = [peersOf(t), socketOf(t, by)]
    const rooms = ["one", "two", "three"].map(name => `${by} ${name}`)
    const here = await Promise.all(rooms.map(room => join(server, room, { by, socket }).saved()))
    const others = await Promise.all(rooms.map(room => join(server, room).synced()))
    for (const [at, peer] of here.entries()) text(peer).insert(0, rooms[at])
    for (const [at, peer] of here.entries()) {
      await converged(peer, others[at])
      await peer.saved()
      assert.equal(text(others[at]).toString(), rooms[at])
    }
    assert.equal(new Set(here.map(peer => peer.socket)).size, 1)
  })

  test(`${by} lets go of a document and takes it up again on the same socket`, async t => {
    const [join, socket, room] = [peersOf(t), socketOf(t, by), `attach ${by}`]
    const stays = await join(server, `${room} too`, { by, socket }).saved()
    const ann = await join(server, room, { by, socket }).saved()
    ann.awareness.setLocalState({ user: { name: "Ann" } })
    const bob = await join(server, room).saved()
    await until("Ann", [bob], () => bob.others().length === 1)
    ann.provider.detach()
    await until("Ann to be gone", [bob], () => bob.others().length === 0)
    text(ann).insert(0, "Ann's ")
    text(bob).insert(0, "Bob's ")
    await bob.saved()
    ann.provider.attach()
    await converged(ann, bob)
    await ann.saved()
    assert.equal(text(bob).length, 12)
    assert.equal(stays.closes, 0)
  })

  test(`${by} is not let in with another document's token, and may show a better one on the same socket`, async t => {
    const [join, socket, room] = [peersOf(t), socketOf(t, by), `denied ${by}`]
    const stays = await join(server, `${room} too`, { by, socket }).saved()
    const ann = join(server, room, { by, socket, pass: await server.pass("elsewhere") })
    await until("the refusal", [ann], () => ann.refusals.length > 0)
    assert.match(ann.refusals[0], /another document/)
    assert.equal(ann.isSynced, false)
    ann.provider.detach()
    const again = await join(server, room, { by, socket, pass: await server.pass(room) }).saved()
    text(again).insert(0, "let in")
    await again.saved()
    assert.equal(stays.closes + again.closes, 0)
  })

  test(`messages of an app with ${by} reach everybody else's app, and nobody elsewhere`, async t => {
    const [join, room] = [peersOf(t), `stateless ${by}`]
    const ann = await join(server, room, { by }).saved()
    const others = await Promise.all(
      Object.keys(FAMILIES).map(by => join(server, room, { by }).saved()),
    )
    const elsewhere = await join(server, `${room} too`, { by }).saved()
    const stranger = await join(server, room).synced()
    const said = ["hello", "", '{"🙂":1}', "x".repeat(100_000)]
    for (const words of said) ann.provider.sendStateless(words)
    for (const peer of others) {
      await until("the messages", [peer], () => peer.stateless.length === said.length)
      assert.deepEqual(peer.stateless, said)
    }
    await converged(ann, stranger)
    assert.deepEqual([...ann.stateless, ...elsewhere.stateless], [])
    assert.equal(stranger.closes, 0)
  })
}

test("sessions of one document on one socket do not hear each other's statuses", async t => {
  const by = "Hocuspocus 4.8.0"
  const [join, socket] = [peersOf(t), socketOf(t, by)]
  const options = { by, socket, sessionAwareness: true }
  const ann = await join(server, "sessions", options).saved()
  const bob = await join(server, "sessions", options).saved()
  ann.awareness.setLocalState({ user: { name: "Ann" } })
  await until("Ann", [bob], () => bob.others().some(({ user }) => user?.name === "Ann"))
  const counts = []
  bob.provider.on("unsyncedChanges", ({ number }) => counts.push(number))
  for (const letter of "abc") text(ann).insert(0, letter)
  await converged(ann, bob)
  await ann.saved()
  text(bob).insert(0, "d")
  await bob.saved()
  assert.deepEqual(counts, [1, 0])
  await converged(ann, bob)
  assert.equal(text(ann).toString(), "dcba")
  ann.provider.detach()
  await until("Ann to be gone", [bob], () => bob.others().length === 0)
  text(bob).insert(0, "e")
  await bob.saved()
  assert.equal(bob.closes, 0)
})

describe("a token that has expired", { concurrency: true }, () => {
  for (const by of Object.keys(FAMILIES)) {
    test(`lets nobody in with ${by}, and a fresh one does`, async t => {
      const [join, socket, room] = [peersOf(t), socketOf(t, by), `expired ${by}`]
      const expired = await server.pass(room, "full", 0)
      await pass(EXPIRED_MS)
      const ann = join(server, room, { by, socket, pass: expired })
      await until("the refusal", [ann], () => ann.refusals.length > 0)
      assert.match(ann.refusals[0], /expired/)
      ann.provider.detach()
      await join(server, room, { by, socket, pass: await server.pass(room) }).saved()
    })
  }
})
