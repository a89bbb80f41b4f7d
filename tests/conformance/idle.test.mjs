/** Alone in a document and doing nothing: stock clients drop a connection that is silent for 30 s. */
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { setTimeout as pass } from "node:timers/promises"
import { ALL_PROVIDERS, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { Hocuspocus3, Hocuspocus4 } from "./support/stock/hocuspocus.mjs"
import { until } from "./support/wait.mjs"

/** Twice the 30 s after which a stock client gives up, and two of its looks at the clock. */
const ALONE_MS = 70_000

let server
let documents = 0
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

describe("nobody is disconnected for being quiet", { concurrency: true }, () => {
  for (const by of Object.keys(ALL_PROVIDERS)) {
    for (const [who, state] of Object.entries({
      "with a name": { user: { name: "Ann" } },
      "without presence": null,
    })) {
      test(`${by} stays ${who}`, async t => {
        const peer = await peersOf(t)(server, `idle-${++documents}`, { by }).synced()
        peer.awareness.setLocalState(state)
        // Nothing is waited for here: that nothing happens is the point.
        await pass(ALONE_MS)
        assert.equal(peer.closes, 0)
        assert.equal(peer.isSynced, true)
        const text = peer.doc.getText?.("text") ?? peer.doc.get("text")
        text.insert(0, "still here")
        await peer.saved()
      })
    }
  }

  for (const [by, { socketTo }] of Object.entries({ "Hocuspocus 3.4.4": Hocuspocus3, "Hocuspocus 4.8.0": Hocuspocus4 })) {
    test(`${by} stays when one of its documents was denied`, async t => {
      const socket = socketTo(server)
      t.after(() => socket.destroy())
      const join = peersOf(t)
      const peer = await join(server, `let-in-${++documents}`, { by, socket }).saved()
      const denied = join(server, `denied-${documents}`, { by, socket, pass: await server.pass("elsewhere") })
      await until("the refusal", [denied], () => denied.refusals.length > 0)
      await pass(ALONE_MS)
      assert.equal(peer.closes + denied.closes, 0)
    })
  }
})
