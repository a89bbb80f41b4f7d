/** Every shared type after the server has ended, gently and not. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { change, fill, read } from "./support/content.mjs"
import { peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"

for (const end of ["terminate", "kill"]) {
  test(`all shared types are there after ${end === "kill" ? "kill -9" : "SIGTERM"}`, async t => {
    const server = await Server.start()
    t.after(() => server.remove())
    const join = peersOf(t)
    const ann = await join(server, "types").synced()
    fill(ann.doc)
    change(ann.doc, "ann")
    await ann.saved()
    const expected = read(ann.doc)
    // She must not be the one who brings it back.
    ann.provider.disconnect()
    const code = await server[end]()
    if (end === "terminate") assert.equal(code, 0)
    await server.run()
    const bob = await join(server, "types").synced()
    assert.deepEqual(read(bob.doc), expected)
    ann.provider.connect()
    await ann.synced()
    assert.deepEqual(read(ann.doc), expected)
  })
}
