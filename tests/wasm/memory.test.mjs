/** Clients come and go, and leave nothing behind. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { Server } from "../conformance/support/server.mjs"
import { Host } from "./support/host.mjs"
import { Client, Tab, wasm } from "./support/tab.mjs"

const CYCLES = 2_000
const WARM_UP_CYCLES = 200
const CONNECTED_CYCLES = 300

/** A client that is used a little and freed. */
function cycle() {
  const host = new Host("ws://127.0.0.1:1/ws/doc", () => {})
  const client = new Client(host, "content")
  client.setUser("Ann", "#30bced", "#30bced33", "ann-1")
  client.edit([0, 0, 1_000], "x".repeat(1_000), 0, 0)
  client.edit([10, 20, 2], "🙂", 10, 20)
  client.setCursor(3, 5)
  client.undo()?.free()
  client.status().free()
  client.presence()?.free()
  host.leave()
  client.free()
}

test(`${CYCLES} clients do not grow the memory`, () => {
  for (let n = 0; n < WARM_UP_CYCLES; n += 1) cycle()
  const before = wasm.memory.buffer.byteLength
  for (let n = 0; n < CYCLES; n += 1) cycle()
  assert.equal(wasm.memory.buffer.byteLength, before)
})

/** A tab that is opened, typed into and closed, perhaps while something is still on its way to it. */
async function visit(server, n) {
  const tab = await new Tab(server, `visit-${n % 10}`).synced()
  tab.type(0, tab.editor.length, "x".repeat(100))
  if (n % 2) await tab.saved()
  tab.leave()
}

test(`${CONNECTED_CYCLES} visits do not grow the memory`, async t => {
  const server = await Server.start()
  t.after(() => server.remove())
  for (let n = 0; n < WARM_UP_CYCLES; n += 1) await visit(server, n)
  const before = wasm.memory.buffer.byteLength
  for (let n = 0; n < CONNECTED_CYCLES; n += 1) await visit(server, n)
  assert.equal(wasm.memory.buffer.byteLength, before)
})
