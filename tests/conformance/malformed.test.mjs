/** Bytes that no stock client sends, in each dialect: whoever sends them gets its code, and nobody else notices. */
import assert from "node:assert/strict"
import { readdir, readFile } from "node:fs/promises"
import { after, before, test } from "node:test"
import * as encoding from "lib0/encoding"
import { NAMES, peersOf } from "./support/peer.mjs"
import { RawPeer } from "./support/raw.mjs"
import { Server } from "./support/server.mjs"
import { until } from "./support/wait.mjs"

const HOSTILE = new URL("../fixtures/hostile-updates/", import.meta.url)
/** 2^53 as a varUint: one more than any number may be. */
const TOO_LARGE = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]

/** Messages as every dialect has them, behind whatever it puts before. */
const MESSAGES = {
  "a sync message cut off": [0],
  "a sync message of no known kind": [0, 9, 0],
  "a state vector longer than its frame": [0, 0, 100, 0],
  "a length of 2^53": [0, 2, ...TOO_LARGE, 0],
  "an update that is none": [0, 2, 3, 0xff, 0xff, 0xff],
  "an update of 2^32 clients": [0, 2, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0],
  "an update with bytes behind it": [0, 2, 3, 0, 0, 0],
  "presence cut off": [1, 3, 1, 1, 1],
  "presence that is no JSON": [1, 6, 1, 1, 1, 2, 0x7b, 0x7b],
}

const DIALECTS = {
  "y-websocket": { address: room => `${server.url}/${room}`, code: 4400 },
  "y-sweet": { address: room => `${server.origin.replace("http", "ws")}/d/${room}/ws/${room}`, code: 4400 },
}

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

/** Somebody in the room with every provider; what is done with the document meanwhile costs none of them anything. */
async function everyoneWritesOn(t, room, act) {
  const join = peersOf(t)
  const here = await Promise.all(NAMES.map(by => join(server, room, { by }).saved()))
  await act()
  for (const [at, peer] of here.entries()) peer.doc.getText("still").insert(0, String(at))
  for (const peer of here) await peer.saved()
  const all = () => here.every(peer => peer.doc.getText("still").length === here.length)
  await until("what everybody writes", here, all)
  for (const peer of here) assert.equal(peer.closes, 0)
}

function raw(t, address) {
  const peer = new RawPeer(address)
  t.after(() => peer.leave())
  return peer
}

for (const [dialect, { address, code }] of Object.entries(DIALECTS)) {
  test(`${dialect}: malformed messages end the connection they came on`, async t => {
    const room = `malformed-${dialect}`
    await everyoneWritesOn(t, room, async () => {
      for (const [what, bytes] of Object.entries(MESSAGES)) {
        const peer = raw(t, address(room))
        await peer.send(...bytes)
        await until(`the end after ${what}`, [peer], () => peer.code)
        assert.equal(peer.code, code, what)
        assert.notEqual(peer.reason, "", what)
      }
    })
  })
}

/** A Hocuspocus frame. */
function about(key, message) {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, key)
  encoding.writeUint8Array(encoder, Uint8Array.from(message))
  return encoding.toUint8Array(encoder)
}

const TOKEN = [2, 0, 0]
const STEP1 = [0, 0, 1, 0]
const CLOSED = 7

test("Hocuspocus: malformed messages end their document and no other on the socket", async t => {
  await everyoneWritesOn(t, "malformed-hocuspocus", async () => {
    const peer = raw(t, server.hocuspocus)
    await peer.sendFrame(about("other", TOKEN))
    const asks = async key => {
      const answers = () => peer.frames.filter(frame => frame.includes(Buffer.from(about(key, [0, 1])))).length
      const before = answers()
      await peer.sendFrame(about(key, STEP1))
      await until(`an answer about ${key}`, [peer], () => answers() > before)
    }
    const ends = () => peer.frames.filter(frame => frame.indexOf(about("malformed-hocuspocus", [CLOSED])) === 0)
    for (const [at, [what, bytes]] of Object.entries(MESSAGES).entries()) {
      await peer.sendFrame(about("malformed-hocuspocus", TOKEN))
      await asks("malformed-hocuspocus")
      await peer.sendFrame(about("malformed-hocuspocus", bytes))
      await until(`the end after ${what}`, [peer], () => ends().length === at + 1)
      await asks("other")
    }
    assert.equal(peer.code, undefined)
  })
})

test("Hocuspocus: frames that are about no document end the connection, to be made anew", async t => {
  await everyoneWritesOn(t, "unreadable", async () => {
    for (const bytes of [[0], [5, 0x61], [1, 0xff, 3], [...TOO_LARGE, 0], [...about("unreadable", [99])]]) {
      const peer = raw(t, server.hocuspocus)
      await peer.send(...bytes)
      await until("the end", [peer], () => peer.code)
      assert.equal(peer.code, 4205)
    }
  })
})

/** Sends what is asked about last, and waits for its answer or an end: what was said before has been heard by then. */
async function heard(peer, frames, endings) {
  for (const frame of frames) await peer.sendFrame(frame)
  const isEnding = frame => endings.some(ending => frame.subarray(0, ending.length).equals(ending))
  await until("an answer or an end", [peer], () => peer.code || peer.frames.some(isEnding))
}

test("updates that break Yjs or yrs harm nobody, in any dialect", async t => {
  const names = (await readdir(HOSTILE)).filter(name => name.endsWith(".k0"))
  assert.ok(names.length > 0)
  await everyoneWritesOn(t, "hostile", async () => {
    for (const [at, name] of names.entries()) {
      const encoder = encoding.createEncoder()
      encoding.writeVarUint8Array(encoder, await readFile(new URL(name, HOSTILE)))
      const update = Buffer.concat([Uint8Array.of(0, 2), encoding.toUint8Array(encoder)])
      const room = `hostile-${at}`
      const step2 = Buffer.of(0, 1)
      for (const { address, code } of Object.values(DIALECTS)) {
        const peer = raw(t, address(room))
        await heard(peer, [update, Buffer.from(STEP1)], [step2])
        assert.ok([undefined, code].includes(peer.code), `${name}: ${peer.code}`)
      }
      const peer = raw(t, server.hocuspocus)
      const frames = [TOKEN, update, STEP1].map(message => about(room, message))
      const endings = [step2, [CLOSED]].map(message => Buffer.from(about(room, message)))
      await heard(peer, frames, endings)
      assert.equal(peer.code, undefined, name)
    }
  })
})

test("Hocuspocus: who lets go of what was never open is not told that it ended", async t => {
  const peer = raw(t, server.hocuspocus)
  const frames = [[CLOSED], TOKEN, STEP1].map(message => about("never", message))
  await heard(peer, frames, [Buffer.from(about("never", [0, 1]))])
  const ending = Buffer.from(about("never", [CLOSED]))
  assert.equal(peer.frames.some(frame => frame.indexOf(ending) === 0), false)
})
