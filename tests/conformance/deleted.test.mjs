/** Stock providers that still have a document which was deleted, when another begins under its name. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { Hocuspocus3, Hocuspocus4 } from "./support/stock/hocuspocus.mjs"
import { until } from "./support/wait.mjs"

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

const text = peer => peer.doc.getText("text")

async function ask(method, room) {
  const answer = await fetch(`${server.origin}/api/docs/${encodeURIComponent(room)}`, { method })
  assert.ok(answer.ok, `${method}: ${answer.status}`)
}

/** That a document was deleted, and what Hocuspocus's providers make of any end of one. */
const ENDS = [4404, 1000]

/** Lets somebody come back, and waits until they are sent away. */
async function isSentAway(peer) {
  const before = peer.closes
  peer.connect()
  await until("the end", [peer], () => peer.codes.slice(before).some(code => ENDS.includes(code)))
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

for (const [by, { socketTo }] of Object.entries({ "Hocuspocus 3.4.4": Hocuspocus3, "Hocuspocus 4.8.0": Hocuspocus4 })) {
  test(`an old copy of ${by} ends its own document and no other on the socket`, async t => {
    const [join, room, socket] = [peersOf(t), `line ${by}`, socketTo(server)]
    t.after(() => socket.destroy())
    const stays = await join(server, `${room} too`, { by, socket }).saved()
    const kept = await join(server, room, { by, socket }).saved()
    text(kept).insert(0, "old words")
    await kept.saved()
    kept.provider.detach()
    await ask("DELETE", room)
    await ask("PUT", room)
    kept.provider.attach()
    await until("the end", [kept], () => kept.closes > 0)
    text(stays).insert(0, "goes on")
    await stays.saved()
    assert.equal(stays.closes, 0)
    assert.equal(text(await join(server, room).synced()).toString(), "")
  })
}
