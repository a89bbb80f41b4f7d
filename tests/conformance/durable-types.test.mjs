/** Every shared type after the server has ended, gently and not. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { change, fill, read } from "./support/content.mjs"
import { NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"

const ENDS = { terminate: "SIGTERM", kill: "kill -9" }
const CASES = Object.keys(ENDS).flatMap(end => NAMES.map((by, at) => ({ end, by, other: NAMES.at(at - 1) })))

for (const { end, by, other } of CASES) {
  test(`all shared types that ${by} wrote are there after ${ENDS[end]}`, async t => {
    const server = await Server.start()
    t.after(() => server.remove())
    const join = peersOf(t)
    const ann = await join(server, "types", { by }).synced()
    fill(ann.doc)
    change(ann.doc, "ann")
    await ann.saved()
    const expected = read(ann.doc)
    // She must not be the one who brings it back.
    await ann.disconnect()
    const code = await server[end]()
    if (end === "terminate") assert.equal(code, 0)
    await server.run()
    const bob = await join(server, "types", { by: other }).synced()
    assert.deepEqual(read(bob.doc), expected)
    ann.connect()
    await ann.synced()
    assert.deepEqual(read(ann.doc), expected)
  })
}
