/** Any name a stock client can send is a document of its own; a name that cannot be one is refused for good. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { converged, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

const ROOMS = {
  slashes: "team/2026/notes",
  "slashes at odd places": "a//b/",
  spaces: "a room of one's own",
  unicode: "日本語/🙂/Grüße",
  "1,000 characters": "n".repeat(1_000),
  "characters of queries and paths": "a&b=c;d:e@f$g,h+i!j'k(l)m*n~o",
}

for (const [kind, room] of Object.entries(ROOMS)) {
  test(`a room's name may have ${kind}`, async t => {
    const join = peersOf(t)
    const ann = await join(server, room).synced()
    const bob = await join(server, room, { by: "y-websocket 3.0.0" }).synced()
    ann.doc.getText("text").insert(0, kind)
    // Hocuspocus sends a name as it is, in every frame.
    const carol = await join(server, room, { by: "Hocuspocus 4.8.0" }).synced()
    await converged(ann, bob, carol)
    assert.equal(bob.doc.getText("text").toString(), kind)
  })
}

test("names that differ anywhere are different documents", async t => {
  const join = peersOf(t)
  const rooms = ["x", "x/", "x/y", "X", "x%20", "x%2520", "e\u0301", "\u00e9"]
  const peers = await Promise.all(rooms.map(room => join(server, room).synced()))
  for (const [at, peer] of peers.entries()) peer.doc.getText("text").insert(0, rooms[at])
  for (const peer of peers) await peer.saved()
  for (const room of rooms) {
    const late = await join(server, room).synced()
    assert.equal(late.doc.getText("text").toString(), room)
  }
})

test("an escaped name is the name it stands for", async t => {
  const join = peersOf(t)
  const ann = await join(server, "one%2Ftwo%20three").synced()
  ann.doc.getText("text").insert(0, "same")
  await ann.saved()
  const bob = await join(server, "one/two three").synced()
  assert.equal(bob.doc.getText("text").toString(), "same")
})

test("what follows the name in the address is not part of it", async t => {
  const join = peersOf(t)
  const ann = await join(server, "query", { params: { token: "t/o?k&e=n", "yjs version": "13" } }).synced()
  ann.doc.getText("text").insert(0, "same")
  await ann.saved()
  const bob = await join(server, "query").synced()
  assert.equal(bob.doc.getText("text").toString(), "same")
})

const REFUSED = {
  "a control character": { room: "a%00b" },
  "too many characters": { room: "n".repeat(1_025) },
  "bytes that are not UTF-8": { room: "%ff" },
  nothing: {
    room: "",
  },
}

for (const [kind, { room }] of Object.entries(REFUSED)) {
  test(`a name of ${kind} is refused for good`, async t => {
    const peer = peersOf(t)(server, room, { connect: false })
    const closed = []
    peer.provider.on("closed", event => closed.push(event))
    peer.provider.connect()
    await until("the refusal", [peer], () => closed.length > 0, 5_000)
    assert.equal(closed[0].code, 4400)
    assert.match(closed[0].reason, /name/)
    // Otherwise it would try again by itself.
    assert.equal(peer.provider.shouldConnect, false)
    assert.equal(peer.closes, 1)
  })
}
