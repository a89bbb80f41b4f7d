/** Those who may only read: they see and are seen, and nothing of theirs gets in. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

const HOCUSPOCUS = NAMES.filter(name => name.startsWith("Hocuspocus"))

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

const text = peer => peer.doc.getText("text")

/** Somebody types, and waits until another has it: what was said before has been heard by then. */
async function passes(from, to, words) {
  text(from).insert(0, words)
  await until(words, [to], () => text(to).toString().includes(words))
}

for (const [at, by] of NAMES.entries()) {
  test(`a reader with ${by} opens what nobody has open, is seen, and changes nothing`, async t => {
    const [join, room] = [peersOf(t), `shelved-${at}`]
    const ann = await join(server, room).saved()
    text(ann).insert(0, "on disk")
    await ann.saved()
    ann.leave()
    await server.kill()
    await server.run()
    const reader = join(server, room, { by, pass: await server.pass(room, "read-only") })
    reader.awareness.setLocalStateField("user", { name: "Reader" })
    await reader.saved()
    assert.equal(text(reader).toString(), "on disk")
    const bob = await join(server, room).saved()
    await until("the reader", [bob], () => bob.others().some(({ user }) => user?.name === "Reader"))
    text(reader).insert(0, "forbidden ")
    // What the reader says after it is heard after it, and what Bob types then comes after what the reader is told of it.
    reader.awareness.setLocalStateField("said", true)
    await until("the reader's word", [bob], () => bob.others().some(({ said }) => said))
    await passes(bob, reader, "allowed ")
    assert.equal(text(bob).toString(), "allowed on disk")
    assert.equal(reader.isSaved, false)
    assert.equal(reader.closes, 0)
    const late = await join(server, room).synced()
    assert.equal(text(late).toString(), "allowed on disk")
  })
}

for (const [at, by] of HOCUSPOCUS.entries()) {
  test(`a reader with ${by} becomes a writer and a reader again, without coming back`, async t => {
    const [join, room] = [peersOf(t), `live-${at}`]
    const passOf = { reader: await server.pass(room, "read-only"), writer: await server.pass(room) }
    let now = "reader"
    const ann = await join(server, room, { by, token: () => passOf[now].token }).saved()
    const bob = await join(server, room).saved()
    assert.deepEqual(ann.scopes, ["readonly"])
    const turn = async role => {
      now = role
      await ann.provider.sendToken()
      const told = ann.scopes.length + 1
      await until(`being a ${role}`, [ann], () => ann.scopes.length === told)
    }
    text(ann).insert(0, "kept back ")
    await passes(bob, ann, "Bob's ")
    assert.equal(text(bob).toString(), "Bob's ")
    assert.equal(ann.isSaved, false)
    await turn("writer")
    // The server asks for what it has refused.
    await until("what was kept back", [bob], () => text(bob).toString().includes("kept back"))
    await ann.saved()
    await passes(ann, bob, "live ")
    await turn("reader")
    text(ann).insert(0, "too late ")
    await passes(bob, ann, "Bob's last ")
    assert.doesNotMatch(text(bob).toString(), /too late/)
    assert.equal(ann.isSaved, false)
    assert.deepEqual(ann.scopes, ["readonly", "read-write", "readonly"])
    assert.equal(ann.closes, 0)
  })
}
