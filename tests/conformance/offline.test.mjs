/** People who edit without a connection and come back. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import * as Y from "yjs"
import { change, fill, read } from "./support/content.mjs"
import { converged, NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

for (const by of NAMES) {
  test(`${by} brings back what was edited offline, on both sides`, async t => {
    const join = peersOf(t)
    const room = `offline-${NAMES.indexOf(by)}`
    const ann = await join(server, room, { by }).synced()
    const bob = await join(server, room).synced()
    fill(ann.doc)
    await converged(ann, bob)
    await ann.disconnect()
    await bob.disconnect()
    change(ann.doc, "ann")
    change(bob.doc, "bob")
    ann.connect()
    await ann.saved()
    bob.connect()
    await bob.saved()
    await converged(ann, bob)
    assert.deepEqual(read(bob.doc), read(ann.doc))
    assert.match(ann.doc.getText("text").toString(), /<ann>/)
    assert.match(ann.doc.getText("text").toString(), /<bob>/)
    const carol = await join(server, room).synced()
    assert.deepEqual(read(carol.doc), read(ann.doc))
  })
}

test("what was deleted offline stays deleted", async t => {
  const join = peersOf(t)
  const ann = await join(server, "deleted").synced()
  const bob = await join(server, "deleted").synced()
  ann.doc.getText("text").insert(0, "keep remove keep")
  await converged(ann, bob)
  await bob.disconnect()
  bob.doc.getText("text").delete(5, 7)
  ann.doc.getText("text").insert(16, "!")
  await ann.saved()
  bob.connect()
  await until("the merged text", [ann], () => ann.doc.getText("text").toString() === "keep keep!")
  await converged(ann, bob)
})

test("a document from elsewhere is taken in whole", async t => {
  const join = peersOf(t)
  const elsewhere = new Y.Doc()
  fill(elsewhere)
  for (const who of ["ann", "bob", "carol"]) {
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(elsewhere))
    change(other, who)
    Y.applyUpdate(elsewhere, Y.encodeStateAsUpdate(other))
  }
  const ann = await join(server, "elsewhere", { doc: elsewhere }).saved()
  const bob = await join(server, "elsewhere").synced()
  assert.deepEqual(read(bob.doc), read(ann.doc))
})

/** Letters typed one after the other, without the third: the fourth waits inside the document. */
function withGap() {
  const origin = new Y.Doc()
  const updates = []
  origin.on("update", update => updates.push(update))
  for (const letter of "abcd") origin.getText("text").insert(0, letter)
  const doc = new Y.Doc()
  for (const at of [0, 1, 3]) Y.applyUpdate(doc, updates[at])
  return { doc, missing: updates[2] }
}

test("somebody who lacks something brings what they have", async t => {
  const join = peersOf(t)
  const { doc } = withGap()
  doc.getText("own").insert(0, "typed offline")
  await join(server, "prefix", { doc }).synced()
  const bob = await join(server, "prefix").synced()
  const both = () => bob.doc.getText("text").toString() === "ba" && bob.doc.getText("own").length > 0
  await until("what can be merged", [bob], both, 5_000)
})

test("somebody who gets what they lacked brings everything", async t => {
  const join = peersOf(t)
  const { doc, missing } = withGap()
  const ann = await join(server, "gap", { doc }).synced()
  const bob = await join(server, "gap").synced()
  Y.applyUpdate(ann.doc, missing)
  await until("the text", [bob], () => bob.doc.getText("text").toString() === "dcba", 5_000)
  assert.equal(ann.closes, 0)
})
