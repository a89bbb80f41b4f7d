/**
 * Yjs says what a document ought to be: some stock providers change everything at random, go offline and come back, and
 * end with what a Yjs document has that met no server. `CODRAFT_SEED` runs the same sessions again, `CODRAFT_SESSIONS`
 * more of them.
 */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import * as Y from "yjs"
import { changeAnything } from "./support/anything.mjs"
import { read } from "./support/content.mjs"
import { below, SEED } from "./support/mischief.mjs"
import { converged, NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"

const SESSIONS = Number(process.env.CODRAFT_SESSIONS ?? 40)
const PEOPLE = NAMES.length
const ROUNDS = 25

let server
before(async () => {
  server = await Server.start()
})
after(() => server.remove())

test("whatever stock clients do, a document ends as one that met no server", async t => {
  let updates = 0
  for (let session = 0; session < SESSIONS; session += 1) {
    const seed = (SEED + session) >>> 0
    await t.test(`CODRAFT_SEED=${seed}`, async one => {
      updates += await runSession(one, seed)
    })
  }
  t.diagnostic(`${updates} updates let in, none refused`)
})

/** One document; how many updates were made of it. */
async function runSession(t, seed) {
  const [join, random, oracle, room] = [peersOf(t), below(seed), new Oracle(), `oracle-${seed}`]
  const people = []
  for (let at = 0; at < PEOPLE; at += 1) {
    const person = join(server, room, { by: NAMES[at % NAMES.length], doc: numbered(random) })
    people.push(new Person(await person.synced(), oracle))
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    // All of a round happens before anything of it arrives: the same seed makes the same document.
    for (const person of people) await person.act(random)
    await settled(people)
  }
  for (const person of people) person.comeBack()
  await settled(people)
  const expected = read(oracle.document())
  const newcomer = await join(server, room).synced()
  for (const [at, { doc }] of [...people.map(person => person.peer), newcomer].entries()) {
    assert.deepEqual(read(doc), expected, `person ${at} has something else`)
  }
  for (const { peer, leaves } of people) assert.equal(peer.closes, leaves, "the server has closed a connection")
  return oracle.updates.length
}

/** A document whose client has a number that follows from the seed. */
function numbered(random) {
  const doc = new Y.Doc()
  doc.clientID = 1 + random(2 ** 32 - 1)
  return doc
}

/** Waits until those who are online have sent all they have, and know the same. */
async function settled(people) {
  const online = people.filter(person => person.isOnline).map(person => person.peer)
  await Promise.all(online.map(peer => peer.synced()))
  if (online.length > 0) await converged(...online)
  await Promise.all(online.map(peer => peer.saved()))
}

/** Every update as its author made it. */
class Oracle {
  updates = []

  /**
   * The document that they make. Within one transaction, since Yjs tidies up formats after each that it is sent: this
   * document would tidy up what nobody else does, and tell nobody.
   */
  document() {
    const doc = new Y.Doc()
    doc.transact(() => this.updates.forEach(update => void Y.applyUpdate(doc, update)))
    return doc
  }
}

/** Somebody who changes things, takes them back, and loses the network now and then. */
class Person {
  isOnline = true
  leaves = 0

  constructor(peer, oracle) {
    this.peer = peer
    const { doc, provider } = peer
    const roots = [doc.getText("text"), doc.getMap("map"), doc.getArray("array"), doc.getXmlFragment("xml")]
    this.history = new Y.UndoManager(roots, { captureTimeout: 0 })
    doc.on("update", (update, origin) => {
      if (origin !== provider) oracle.updates.push(update)
    })
  }

  async act(random) {
    if (random(6) === 0) await (this.isOnline ? this.leave() : this.comeBack())
    for (let n = random(5); n > 0; n -= 1) this.change(random)
  }

  change(random) {
    const choice = random(20)
    if (choice === 0) this.history.undo()
    else if (choice === 1) this.history.redo()
    else if (choice < 5) this.peer.doc.transact(() => this.changeSome(random))
    else changeAnything(this.peer.doc, random)
  }

  changeSome(random) {
    for (let n = 2 + random(8); n > 0; n -= 1) changeAnything(this.peer.doc, random)
  }

  async leave() {
    this.isOnline = false
    this.leaves += 1
    await this.peer.disconnect()
  }

  comeBack() {
    if (this.isOnline) return
    this.isOnline = true
    this.peer.connect()
  }
}
