/** Somebody whose connection carries nothing for a while, with each provider: in the end they have everything. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { converged, NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"

const PIECE = "x".repeat(1 << 20)
/** More than may wait for a peer, and more than the sockets hold besides. */
const MANY_PIECES = 40
/** More than the sockets hold, and less than may wait besides. */
const FEW_PIECES = 12

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

for (const [at, by] of NAMES.entries()) {
  test(`${by} is sent away when it does not read, and comes back to all of it`, async t => {
    const { slow, ann } = await pausedReader(t, `many-${at}`, by)
    await write(ann, MANY_PIECES)
    slow.socket.resume()
    await converged(ann, slow)
    // y-sweet's client connects anew by itself after 3 s of silence, which may be sooner, and is no close.
    if (slow.codes.length > 0 || !by.startsWith("y-sweet")) assert.deepEqual(slow.codes, [1013])
  })

  test(`${by} that reads late is sent all that waited, and not sent away`, async t => {
    const { slow, ann } = await pausedReader(t, `few-${at}`, by)
    await write(ann, FEW_PIECES)
    slow.socket.resume()
    await converged(ann, slow)
    assert.deepEqual(slow.codes, [])
  })
}

/** Somebody who has stopped reading, and somebody who writes. */
async function pausedReader(t, room, by) {
  const join = peersOf(t)
  const slow = await join(server, room, { by }).saved()
  const ann = await join(server, room).saved()
  slow.socket.pause()
  return { slow, ann }
}

/** Writes so many pieces, one in the place of the other. */
async function write(peer, pieces) {
  for (let piece = 0; piece < pieces; piece += 1) {
    peer.doc.getMap("map").set("piece", `${piece}${PIECE}`)
    // So that only the reader is behind.
    await peer.saved()
  }
}
