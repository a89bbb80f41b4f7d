/** Every shared type of Yjs, between stock providers, and through both ends of a server. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import * as Y from "yjs"
import { change, fill, read } from "./support/content.mjs"
import { ALL_PROVIDERS, converged, NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

for (const [at, by] of Object.keys(ALL_PROVIDERS).entries()) {
  test(`${by} is synced with an empty document`, async t => {
    const ann = await peersOf(t)(server, `empty-${at}`, { by }).saved()
    assert.equal(ann.closes, 0)
    assert.equal(Y.encodeStateAsUpdate(ann.doc).length, 2)
  })
}

/** Somebody with each provider, all in one document. */
function everyone(join, room) {
  return Promise.all(NAMES.map(by => join(server, room, { by }).synced()))
}

function allRead(peers, expected) {
  for (const [at, { doc }] of peers.entries()) assert.deepEqual(read(doc), expected, NAMES[at])
}

for (const [at, by] of NAMES.entries()) {
  test(`all shared types that ${by} writes arrive everywhere, at once and later`, async t => {
    const [join, room] = [peersOf(t), `types-${at}`]
    const here = await everyone(join, room)
    const { doc } = here[at]
    fill(doc)
    await converged(...here)
    allRead(here, read(doc))
    const later = await everyone(join, room)
    allRead(later, read(doc))
    for (const peer of [...here, ...later]) assert.equal((await peer.saved()).closes, 0)
  })
}

test("people who change everything at once agree, whatever they connect with", async t => {
  const join = peersOf(t)
  const here = await everyone(join, "at-once")
  fill(here[0].doc)
  await converged(...here)
  for (const [at, { doc }] of here.entries()) change(doc, `person${at}`)
  await converged(...here)
  const expected = read(here[0].doc)
  allRead(here, expected)
  assert.match(expected.html, /<person4>/)
  allRead(await everyone(join, "at-once"), expected)
})

test("undo and redo in a stock client reach the others", async t => {
  const join = peersOf(t)
  const ann = await join(server, "undo").synced()
  const bob = await join(server, "undo").synced()
  const text = ann.doc.getText("text")
  const history = new Y.UndoManager([text, ann.doc.getMap("map")], { captureTimeout: 0 })
  fill(ann.doc)
  await converged(ann, bob)
  bob.doc.getText("text").insert(0, "Bob's. ")
  await converged(ann, bob)
  for (let step = 0; step < 8; step += 1) history.undo()
  for (let step = 0; step < 3; step += 1) history.redo()
  await converged(ann, bob)
  assert.deepEqual(read(bob.doc), read(ann.doc))
  assert.match(bob.doc.getText("text").toString(), /^Bob's\. /)
  const carol = await join(server, "undo").synced()
  assert.deepEqual(read(carol.doc), read(ann.doc))
})

test("half an emoji may be typed over without anybody's text going astray", async t => {
  const join = peersOf(t)
  const ann = await join(server, "surrogates").synced()
  const bob = await join(server, "surrogates").synced()
  ann.doc.getText("text").insert(0, "a🙂b👩‍👩‍👧c")
  await converged(ann, bob)
  ann.doc.getText("text").insert(2, "x")
  bob.doc.getText("text").delete(1, 1)
  await converged(ann, bob)
  const carol = await join(server, "surrogates").synced()
  for (const { doc } of [bob, carol]) {
    assert.equal(doc.getText("text").toString(), ann.doc.getText("text").toString())
  }
})

// What yrs 0.28.1 reads and writes as something else. When one of these fails, yrs has mended it: turn it around, and
// take the line out of docs/promises.md.

test("a bigint that a number can hold comes back as that number", async t => {
  const join = peersOf(t)
  const ann = await join(server, "bigint").synced()
  ann.doc.getMap("map").set("bigint", 1n)
  await ann.saved()
  const bob = await join(server, "bigint").synced()
  assert.equal(bob.doc.getMap("map").get("bigint"), 1)
})

test("a subdocument comes back without its meta", async t => {
  const join = peersOf(t)
  const ann = await join(server, "meta").synced()
  ann.doc.getMap("map").set("chapter", new Y.Doc({ meta: { title: "One" } }))
  await ann.saved()
  const bob = await join(server, "meta").synced()
  assert.equal(bob.doc.getMap("map").get("chapter").meta, null)
})
