/** Yjs 14, which is not released yet: what it shares through the server with Yjs 13, and with itself. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import * as Y14 from "@y/y"
import * as Y from "yjs"
import { change, fill, read } from "./support/content.mjs"
import { NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

const NEXT = { by: "@y/websocket 4.0.0-3" }

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

/** Waits until a peer of Yjs 13 and one of Yjs 14 know the same operations. */
async function agreed(old, next) {
  const state = () => Buffer.from(Y.encodeStateVector(old.doc))
  const same = () => state().equals(Buffer.from(Y14.encodeStateVector(next.doc)))
  await until("Yjs 13 and 14 to agree", [old, next], same)
}

for (const [at, by] of NAMES.entries()) {
  test(`Yjs 14 and ${by} write in one text`, async t => {
    const [join, room] = [peersOf(t), `text-${at}`]
    const next = await join(server, room, NEXT).saved()
    const old = await join(server, room, { by }).saved()
    const [theirs, ours] = [next.doc.get("text"), old.doc.getText("text")]
    theirs.insert(0, "from 14 🙂")
    await agreed(old, next)
    ours.insert(0, "from 13, ")
    ours.format(0, 4, { bold: true })
    ours.delete(ours.length - 2, 2)
    await agreed(old, next)
    await until("the text", [next], () => theirs.toString().includes("from 13, from 14"))
    assert.equal(ours.toString(), "from 13, from 14 ")
    await Promise.all([next.saved(), old.saved()])
    assert.equal(next.closes + old.closes, 0)
  })
}

test("whatever Yjs 13 has written, Yjs 14 knows the same operations, and brings them back whole", async t => {
  const join = peersOf(t)
  const old = await join(server, "types").saved()
  fill(old.doc)
  change(old.doc, "ann")
  await old.saved()
  const next = await join(server, "types", NEXT).saved()
  await agreed(old, next)
  const elsewhere = await join(server, "copy", { ...NEXT, doc: next.doc }).saved()
  const again = await join(server, "copy").synced()
  await agreed(again, elsewhere)
  assert.deepEqual(read(again.doc), read(old.doc))
})
