/** Stock providers and the editor's own client in one document. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import * as Y from "yjs"
import { tabsOf } from "../wasm/support/tab.mjs"
import { peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

test("the editor and a stock client show the same text", async t => {
  const ann = await tabsOf(t)(server, "text").synced()
  const bob = await peersOf(t)(server, "text").synced()
  const text = bob.doc.getText("content")
  ann.type(0, 0, "🙂 from the editor")
  await until("what the editor typed", [bob], () => text.toString() === "🙂 from the editor")
  text.insert(3, "not only ")
  text.format(0, 5, { bold: true })
  text.delete(text.length - 6, 6)
  await ann.shows("🙂 not only from the ")
  ann.undo()
  await until("what is left", [bob], () => text.toString() === "not only ")
  assert.equal(ann.editor, "not only ")
})

test("the editor and a stock client see each other's names and carets", async t => {
  const ann = await tabsOf(t)(server, "carets").synced()
  const bob = await peersOf(t)(server, "carets").synced()
  const text = bob.doc.getText("content")
  ann.type(0, 0, "0123456789")
  await until("the text", [bob], () => text.length === 10)
  ann.client.setUser("Ann", "#30bced", "#30bced33", "ann-1")
  ann.client.setCursor(2, 7)
  const user = { name: "Ann", color: "#30bced", colorLight: "#30bced33", id: "ann-1" }
  const [{ cursor, ...rest }] = await until(
    "Ann",
    [bob],
    () => bob.others().some(state => state.cursor) && bob.others(),
  )
  assert.deepEqual(rest, { user })
  const offset = position =>
    Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(position), bob.doc)
  assert.equal(offset(cursor.anchor).index, 2)
  assert.equal(offset(cursor.head).index, 7)
  const at = index => Y.createRelativePositionFromTypeIndex(text, index)
  bob.awareness.setLocalState({
    user: { name: "Bob", color: "#6eeb83" },
    cursor: { anchor: at(4), head: at(10) },
  })
  await until("Bob", [ann], () =>
    ann.people.some(({ name, anchor, head }) => name === "Bob" && anchor === 4 && head === 10),
  )
})

test("the editor and a stock client merge what both typed offline", async t => {
  const ann = await tabsOf(t)(server, "offline").synced()
  const bob = await peersOf(t)(server, "offline").synced()
  ann.type(0, 0, "shared")
  await until("the text", [bob], () => bob.doc.getText("content").length === 6)
  ann.client.close()
  await bob.disconnect()
  ann.type(0, 0, "ann ")
  bob.doc.getText("content").insert(6, " bob")
  ann.client.connect()
  bob.connect()
  await ann.shows("ann shared bob")
  await bob.saved()
  await until("the merged text", [bob], () => bob.doc.getText("content").toString() === ann.editor)
})
