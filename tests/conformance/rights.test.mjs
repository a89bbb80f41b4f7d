/** Who may do what, as stock providers meet it: links and tokens, and what becomes of a connection when they change. */
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { ALL_PROVIDERS, peersOf } from "./support/peer.mjs"
import { newKey, Shared } from "./support/rights.mjs"
import { Server } from "./support/server.mjs"
import { Hocuspocus3, Hocuspocus4 } from "./support/stock/hocuspocus.mjs"
import { until } from "./support/wait.mjs"

/** How long a changed right may take to reach an open connection, in ms. */
const AT_ONCE_MS = 1_000
/** Seconds for which the tokens are good that are to end in a test. */
const SHORT_SECONDS = 4

const FAMILIES = Object.keys(ALL_PROVIDERS)
const HOCUSPOCUS = { "Hocuspocus 3.4.4": Hocuspocus3, "Hocuspocus 4.8.0": Hocuspocus4 }

/** One that is reached by links and tokens, and one by tokens only. */
let links, tokens, key
before(async () => {
  links = await Server.start({ flags: ["--access", "links"] })
  tokens = await Server.start({ flags: ["--access", "tokens"] })
  key = await newKey(tokens)
})
after(() => Promise.all([links.remove(), tokens.remove()]))

const text = ({ doc }) => doc.getText?.("text") ?? doc.get("text")
const reads = (peer, words) => text(peer).toString().includes(words)

/** Somebody types, and waits until another has it. */
async function passes(from, to, words) {
  text(from).insert(0, words)
  await until(words, [to], () => reads(to, words))
}

/** Waits until everything that somebody has said until now is heard: another sees what they say after it. */
async function isHeard(peer, by, what) {
  peer.awareness.setLocalStateField("said", what)
  await until(what, [by], () => by.others().some(({ said }) => said === what))
}

/** How a client shows that it is not let in any more: these stop, and the others come back and are refused again. */
const isSentAway = {
  "y-websocket 3.1.0": peer => peer.stopped?.code === 4401,
  "Hocuspocus 3.4.4": peer => peer.refusals.length === 1 && peer.closes === 1,
  "Hocuspocus 4.8.0": peer => peer.refusals.length === 1 && peer.closes === 1,
}
const isRefusedAgain = peer => peer.codes.filter(code => code === 4401).length > 1

/** Why whoever was in is not any more. */
const WHY = "access was removed"

/** Waits until somebody is sent away, and is told why as far as their client can show it; returns how long that took. */
async function endsOf(by, peer, began) {
  const isAway = isSentAway[by] ?? (peer => peer.codes.includes(4401))
  await until("being sent away", [peer], () => isAway(peer), AT_ONCE_MS)
  const took = performance.now() - began
  assert.ok(took < AT_ONCE_MS, `${took} ms`)
  if (!isSentAway[by]) await until("another refusal", [peer], () => isRefusedAgain(peer))
  const why = peer.stopped?.reason ?? peer.refusals?.[0] ?? WHY
  assert.equal(why, WHY)
  assert.equal(peer.isSynced, false)
  return Math.round(took)
}

for (const by of FAMILIES) {
  test(`${by} is let in by a link's secret, and by nothing else`, async t => {
    const [join, doc] = [peersOf(t), await Shared.begin(links)]
    const { secret } = await doc.link("editor")
    const ann = await join(links, doc.name, { by, token: () => secret }).saved()
    const bob = await join(links, doc.name, { token: () => doc.owner }).saved()
    await passes(ann, bob, "from Ann ")
    await passes(bob, ann, "from Bob ")
    await ann.saved()
    const another = await Shared.begin(links)
    for (const shown of ["", `${secret.slice(0, -1)}!`, another.owner]) {
      const eve = join(links, doc.name, { by, token: () => shown })
      await until("the refusal", [eve], () => eve.refusals?.length > 0 || eve.codes.includes(4401))
      assert.equal(text(eve).toString(), "")
      eve.leave()
    }
  })

  test(`${by} is let in by a token that its app's backend has made, and by no other`, async t => {
    const [join, room] = [peersOf(t), `token-${FAMILIES.indexOf(by)}`]
    const mine = { prefix: room, role: "editor", sub: "42" }
    const ann = await join(tokens, room, { by, token: () => key.token(mine) }).saved()
    const bob = await join(tokens, room, { token: () => key.token({ ...mine, sub: "43" }) }).saved()
    await passes(ann, bob, "from Ann ")
    await passes(bob, ann, "from Bob ")
    await ann.saved()
    const whole = key.token(mine)
    const wrong = {
      "for another document": key.token({ ...mine, prefix: "elsewhere" }),
      "for another server": key.token({ ...mine, aud: "another" }),
      "without a role": key.token({ ...mine, role: undefined }),
      tampered: whole.replace(/.$/, last => (last === "A" ? "Q" : "A")),
      "by nobody": whole.slice(0, whole.lastIndexOf(".") + 1),
    }
    for (const [what, shown] of Object.entries(wrong)) {
      const eve = join(tokens, room, { by, token: () => shown })
      const isRefused = () => eve.refusals?.length > 0 || eve.codes.includes(4401)
      await until(`the refusal of a token ${what}`, [eve], isRefused)
      assert.equal(text(eve).toString(), "")
      eve.leave()
    }
  })

  test(`${by} is sent away within a second when its link is revoked, and stays away`, async t => {
    const [join, doc] = [peersOf(t), await Shared.begin(links)]
    const link = await doc.link("editor")
    const ann = await join(links, doc.name, { by, token: () => link.secret }).saved()
    const bob = await join(links, doc.name, { token: () => doc.owner }).saved()
    await passes(ann, bob, "from Ann ")
    const began = performance.now()
    await doc.revoke(link)
    const took = await endsOf(by, ann, began)
    t.diagnostic(`it took ${took} ms`)
    text(ann).insert(0, "too late ")
    text(bob).insert(0, "from Bob ")
    await bob.saved()
    assert.equal(ann.isSaved, false)
    const late = await join(links, doc.name, { token: () => doc.owner }).synced()
    assert.equal(text(late).toString(), "from Bob from Ann ")
    assert.equal(bob.closes, 0)
  })

  test(`${by} turns into a reader and a writer again where it is, as its link does`, async t => {
    const [join, doc] = [peersOf(t), await Shared.begin(links)]
    const link = await doc.link("editor")
    const ann = await join(links, doc.name, { by, token: () => link.secret }).saved()
    const bob = await join(links, doc.name, { token: () => doc.owner }).saved()
    await passes(ann, bob, "before ")
    await ann.saved()
    await doc.change(link, "viewer")
    text(ann).insert(0, "kept back ")
    await isHeard(ann, bob, "that was all")
    // What she is told of it comes before what Bob types then.
    await passes(bob, ann, "Bob's ")
    assert.equal(text(bob).toString(), "Bob's before ")
    const late = await join(links, doc.name, { token: () => doc.owner }).synced()
    assert.equal(text(late).toString(), "Bob's before ")
    assert.equal(ann.isSaved, false)
    await doc.change(link, "editor")
    await until("what was kept back", [bob], () => reads(bob, "kept back "))
    await ann.saved()
    await passes(ann, bob, "after ")
    await ann.saved()
    if (ann.scopes) assert.deepEqual(ann.scopes, ["read-write", "readonly", "read-write"])
    assert.equal(ann.closes, 0)
  })

  test(`${by} is sent away when its app's key is removed, and nobody with another key is`, async t => {
    const [join, room] = [peersOf(t), `key-${FAMILIES.indexOf(by)}`]
    const old = await newKey(tokens)
    const claims = { docs: [room], role: "editor" }
    const ann = await join(tokens, room, { by, token: () => old.token({ ...claims, sub: "1" }) }).saved()
    const bob = await join(tokens, room, { by, token: () => key.token({ ...claims, sub: "2" }) }).saved()
    await passes(ann, bob, "from Ann ")
    const began = performance.now()
    await tokens.says("key", "remove", old.id)
    t.diagnostic(`it took ${await endsOf(by, ann, began)} ms, the command's start included`)
    text(bob).insert(0, "from Bob ")
    await bob.saved()
    assert.equal(bob.closes, 0)
  })

  test(`with ${by} people are whom their tokens say they are, and the rest of their state is theirs`, async t => {
    const [join, room] = [peersOf(t), `person-${FAMILIES.indexOf(by)}`]
    const claims = { docs: [room], role: "viewer", sub: "42", name: "Ada", color: 1 }
    const ada = join(tokens, room, { by, token: () => key.token(claims) })
    const forged = { name: "The Boss", id: "1", color: "#000000", mood: "fine" }
    ada.awareness.setLocalState({ user: forged, cursor: { anchor: 1 }, app: [null, { at: "🙂" }] })
    const bob = join(tokens, room, { by, token: () => key.token({ docs: [room], role: "viewer", sub: "43" }) })
    bob.awareness.setLocalState({ user: { name: "Bob" } })
    const seen = () => bob.others().find(({ user }) => user?.mood)
    await until("Ada", [bob], seen)
    const user = { name: "Ada", id: "42", color: "#e0716c", colorLight: "#ffddda", mood: "fine" }
    assert.deepEqual(seen(), { user, cursor: { anchor: 1 }, app: [null, { at: "🙂" }] })
    ada.awareness.setLocalStateField("user", { name: "Bob", id: "43", mood: "worse" })
    await until("her mood", [bob], () => seen().user.mood === "worse")
    assert.deepEqual(seen(), { user: { ...user, mood: "worse" }, cursor: { anchor: 1 }, app: [null, { at: "🙂" }] })
    await until("Bob", [ada], () => ada.others().some(({ user }) => user?.name === "Bob" && user.id === "43"))
  })
}

for (const [by, { socketTo }] of Object.entries(HOCUSPOCUS)) {
  test(`${by} loses the document whose link is revoked, and no other on the socket`, async t => {
    const [join, socket] = [peersOf(t), socketTo(links)]
    t.after(() => socket.destroy())
    const [doc, other] = [await Shared.begin(links), await Shared.begin(links)]
    const link = await doc.link("viewer")
    const goes = await join(links, doc.name, { by, socket, token: () => link.secret }).saved()
    const stays = await join(links, other.name, { by, socket, token: () => other.owner }).saved()
    const began = performance.now()
    await doc.revoke(link)
    await endsOf(by, goes, began)
    text(stays).insert(0, "goes on")
    await stays.saved()
    assert.equal(stays.closes + stays.refusals.length, 0)
    assert.equal(goes.socket, stays.socket)
    goes.provider.detach()
    const better = await doc.link("editor")
    const again = await join(links, doc.name, { by, socket, token: () => better.secret }).saved()
    assert.deepEqual(again.scopes, ["read-write"])
  })
}

describe("a token that ends soon", { concurrency: true }, () => {
  for (const by of Object.keys(HOCUSPOCUS)) {
    test(`is asked for anew from ${by} in time, which stays, with what the newer one says`, async t => {
      const [join, room] = [peersOf(t), `short-${by}`]
      const shown = []
      const token = () => {
        const role = shown.length < 3 ? "editor" : "viewer"
        shown.push(Date.now())
        return key.token({ docs: [room], role, sub: "1", ttl: SHORT_SECONDS })
      }
      const ann = await join(tokens, room, { by, token }).saved()
      const outlived = () => ann.scopes.length > 3 && shown.at(-1) - shown[0] > SHORT_SECONDS * 1_000
      await until("more tokens, until the first has ended", [ann], outlived)
      assert.deepEqual([ann.closes, ann.refusals], [0, []])
      assert.deepEqual(ann.scopes.slice(0, 4), ["read-write", "read-write", "read-write", "readonly"])
      text(ann).insert(0, "as a reader")
      const bobs = key.token({ docs: [room], role: "editor", sub: "2" })
      const bob = await join(tokens, room, { token: () => bobs }).saved()
      await isHeard(ann, bob, "that was all")
      await passes(bob, ann, "from Bob")
      assert.equal(text(bob).toString(), "from Bob")
      assert.equal(ann.isSaved, false)
    })
  }

  for (const by of FAMILIES.filter(by => !HOCUSPOCUS[by])) {
    test(`ends the connection of ${by}, which comes back with a newer one and all it has`, async t => {
      const [join, room] = [peersOf(t), `renewed-${FAMILIES.indexOf(by)}`]
      const claims = { docs: [room], role: "editor", sub: "1" }
      let ttl = SHORT_SECONDS / 2
      const ann = await join(tokens, room, { by, token: () => key.token({ ...claims, ttl }) }).saved()
      ttl = undefined
      ann.provider.once("connection-close", () => text(ann).insert(0, "meanwhile"))
      await until("the end", [ann], () => reads(ann, "meanwhile"))
      await ann.saved()
      assert.ok(ann.codes.every(code => code === 4501))
      const late = await join(tokens, room, { token: () => key.token({ ...claims, sub: "2" }) }).synced()
      assert.equal(text(late).toString(), "meanwhile")
    })
  }
})
