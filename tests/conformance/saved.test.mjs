/** What stock providers are told while the disk is full and after, and what they bring back from offline. */
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { setTimeout as pass } from "node:timers/promises"
import { SmallDisk } from "./support/disk.mjs"
import { canFail, failWrites } from "./support/fault.mjs"
import { NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

const DISK_BYTES = 8 << 20
/** The room that the journal has made in advance does not hold as much. */
const LONG = "more than a page ".repeat(10_000)
/** Longer than a client of y-sweet waits for an answer before it connects anew. */
const HELD_MS = 4_000

/** More than is journalled before it is merged into the store. */
const MERGED_BYTES = 5 << 20

const text = peer => peer.doc.getText("text")

describe("on a full disk", { concurrency: true, skip: !SmallDisk.isPossible && "no disks can be made here" }, () => {
  for (const by of NAMES) {
    test(`${by} is not told that anything is saved until there is space again`, async t => {
      const server = await Server.start({ diskBytes: DISK_BYTES })
      t.after(() => server.remove())
      const join = peersOf(t)
      const [ann, bob] = [await join(server, "full", { by }).saved(), await join(server, "full").saved()]
      text(ann).insert(0, "before ")
      await ann.saved()
      await server.disk.fill()
      text(ann).insert(0, LONG)
      await until("what Ann types", [bob], () => text(bob).length === text(ann).length)
      // Nothing is waited for here: that nothing happens is the point.
      await pass(HELD_MS)
      assert.equal(ann.isSaved, false)
      assert.equal(ann.closes, 0)
      await ann.disconnect()
      text(ann).insert(0, "offline ")
      ann.connect()
      await until("what Ann typed offline", [bob], () => text(bob).toString().startsWith("offline "))
      await ann.synced()
      await pass(HELD_MS)
      assert.equal(ann.isSaved, false)
      await server.disk.free()
      await ann.saved()
      await server.kill()
      for (const peer of [ann, bob]) peer.leave()
      await server.run()
      const late = await join(server, "full").synced()
      assert.equal(text(late).toString(), `offline ${LONG}before `)
    })
  }

  test("a text that could not be merged into the store survives that everyone has left", async t => {
    const server = await Server.start({ diskBytes: DISK_BYTES, flags: ["--linger", "0"] })
    t.after(() => server.remove())
    const join = peersOf(t)
    const ann = await join(server, "left", { by: "Hocuspocus 4.8.0" }).saved()
    text(ann).insert(0, LONG)
    await ann.saved()
    await server.disk.fill()
    ann.leave()
    await server.until("codraft_documents_open 0")
    await server.disk.free()
    const bob = await join(server, "left", { by: "y-sweet 0.9.1" }).synced()
    assert.equal(text(bob).toString(), LONG)
    bob.leave()
    await server.kill()
    await server.run()
    assert.equal(text(await join(server, "left").synced()).toString(), LONG)
  })
})

test("a text that the store failed to write once survives that everyone has left, and the restart that it takes", async t => {
  if (!canFail) return t.skip("needs strace(1)")
  const server = await Server.start({ flags: ["--linger", "0"] })
  t.after(() => server.remove())
  const join = peersOf(t)
  const ann = await join(server, "failed").saved()
  const fault = await failWrites(server.process)
  if (!fault) return t.skip("strace(1) may not look into other processes here")
  text(ann).insert(0, "x".repeat(MERGED_BYTES))
  await ann.saved()
  await server.until("codraft_folds_failed_total 1")
  await fault.end()
  assert.ok(fault.said.some(line => line.includes("INJECTED")), fault.said.join("\n"))
  text(ann).insert(0, "after the fault ")
  await ann.saved()
  ann.leave()
  await server.until("codraft_documents_open 0")
  // The store answers nothing any more: who comes now is told to try again, and is not shown less than there is.
  const bob = join(server, "failed")
  await until("a refusal", [bob], () => bob.codes.includes(1011))
  assert.equal(bob.isSynced, false)
  await server.kill()
  await server.run()
  await bob.synced()
  const whole = `after the fault ${"x".repeat(MERGED_BYTES)}`
  assert.ok(text(bob).toString() === whole)
  await server.until("codraft_folds_total 1")
})

describe("offline edits", () => {
  let server
  before(async () => {
    server = await Server.start()
  })
  after(() => server.remove())

  for (const [at, by] of NAMES.entries()) {
    test(`what ${by} brings back is there after kill -9, once it is called saved`, async t => {
      const [join, room] = [peersOf(t), `offline-${at}`]
      const ann = await join(server, room, { by }).saved()
      let expected = ""
      for (let round = 0; round < 5; round += 1) {
        await ann.disconnect()
        for (const letter of "abcde") text(ann).insert(0, letter)
        ann.connect()
        await until("the connection", [ann], () => ann.isConnected)
        // Beside what it brings back, before and behind the server's question.
        for (const letter of "fgh") text(ann).insert(0, letter)
        await until("the document", [ann], () => ann.isSynced)
        for (const letter of "ijk") text(ann).insert(0, letter)
        await ann.saved()
        await server.kill()
        expected = text(ann).toString()
        await ann.disconnect()
        await server.run()
        const late = await join(server, room).synced()
        assert.equal(text(late).toString(), expected, `round ${round}`)
      }
      assert.equal(expected.length, 55)
    })
  }
})
