/** A stock client that is turned away for want of room comes back by itself and loses nothing. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

// Who comes with y-sweet has asked for a token before, over a connection that stays open for a while.
for (const by of NAMES.filter(name => !name.startsWith("y-sweet"))) {
  test(`${by} waits outside of a full server and comes in when somebody leaves`, async t => {
    // One for each test: those who have left the one before count for a moment.
    const server = await Server.start({ flags: ["--max-connections", "1"] })
    t.after(() => server.remove())
    const join = peersOf(t)
    const ann = await join(server, "full", { by }).synced()
    ann.doc.getText("text").insert(0, "inside ")
    await ann.saved()
    const bob = join(server, "full", { by })
    bob.doc.getText("text").insert(0, "outside ")
    await until("a second try", [bob], () => bob.closes > 1)
    assert.deepEqual([...new Set(bob.codes)], [4529])
    await ann.disconnect()
    await bob.synced()
    await bob.saved()
    const words = bob.doc.getText("text").toString().trim().split(" ").sort()
    assert.deepEqual(words, ["inside", "outside"])
  })
}
