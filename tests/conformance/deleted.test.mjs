/** Stock providers that still have a document which was deleted, when another begins under its name. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

const text = peer => peer.doc.getText("text")

async function ask(method, room) {
  const answer = await fetch(`${server.origin}/api/docs/${room}`, { method })
  assert.ok(answer.ok, `${method}: ${answer.status}`)
}

/** Lets somebody come back, and waits until they are sent away. */
async function isSentAway(peer) {
  const before = peer.closes
  peer.connect()
  await until("the end", [peer], () => peer.closes > before)
  assert.doesNotMatch(text(peer).toString(), /new words/)
}

for (const [at, by] of NAMES.entries()) {
  test(`what ${by} has kept of a deleted document does not come into the next`, async t => {
    const [join, room] = [peersOf(t), `deleted-${at}`]
    const offline = await join(server, room, { by }).saved()
    text(offline).insert(0, "old words ")
    await offline.saved()
    const tab = await join(server, room, { by }).synced()
    await offline.disconnect()
    await ask("DELETE", room)
    await until("the end", [tab], () => tab.closes > 0)
    await tab.disconnect()
    await ask("PUT", room)
    const ann = await join(server, room, { by }).saved()
    text(ann).insert(0, "new words")
    await ann.saved()

    text(offline).insert(0, "typed offline ")
    for (const kept of [offline, tab]) await isSentAway(kept)
    await server.kill()
    await server.run()
    await isSentAway(offline)
    const late = await join(server, room, { by }).saved()
    assert.equal(text(late).toString(), "new words")
    await until("Ann to be back", [ann], () => ann.isSaved)
    assert.equal(text(ann).toString(), "new words")
  })
}
