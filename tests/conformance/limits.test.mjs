/** A stock client that is turned away for want of room comes back by itself and loses nothing. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { peersOf, PROVIDERS } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

let server
before(async () => {
  process.env.CODRAFT_MAX_CONNECTIONS = "1"
  server = await Server.start()
})
after(() => server.remove())

for (const version of Object.keys(PROVIDERS)) {
  test(`${version} waits outside of a full server and comes in when somebody leaves`, async t => {
    const join = peersOf(t)
    const ann = await join(server, version, { version }).synced()
    ann.doc.getText("text").insert(0, "inside ")
    await ann.saved()
    const codes = new Set()
    const bob = join(server, version, { version })
    bob.provider.on("connection-close", event => event && codes.add(event.code))
    bob.doc.getText("text").insert(0, "outside ")
    await until("a second try", [bob], () => bob.closes > 1)
    assert.deepEqual([...codes], [4529])
    ann.provider.disconnect()
    await bob.synced()
    await bob.saved()
    const words = bob.doc.getText("text").toString().trim().split(" ").sort()
    assert.deepEqual(words, ["inside", "outside"])
  })
}
