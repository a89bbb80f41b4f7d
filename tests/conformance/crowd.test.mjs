/** Many stock providers in one document. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { below, SEED } from "./support/mischief.mjs"
import { converged, NAMES, peersOf } from "./support/peer.mjs"
import { Server } from "./support/server.mjs"
import { within } from "./support/wait.mjs"

const PEOPLE = 50
const ROUNDS = 20
const TYPED = ["a", "word ", "🙂", "日本", "\n", "e\u0301", "שלום"]

/** One edit anywhere, also in the middle of an emoji. */
function edit(text, random) {
  const at = random(text.length + 1)
  const rest = text.length - at
  const choice = random(10)
  if (choice < 6) text.insert(at, TYPED[random(TYPED.length)])
  else if (choice < 8) text.delete(at, Math.min(rest, random(5)))
  else format(text, at, Math.min(rest, 3), random(2) === 0 || null)
}

/** Between characters only: Yjs cuts an emoji in two for a format that changes nothing, and tells nobody. */
function format(text, at, length, bold) {
  const string = text.toString()
  const cuts = offset => string.codePointAt(offset - 1) > 0xffff
  if (!cuts(at) && !cuts(at + length)) text.format(at, length, { bold })
}

test(`${PEOPLE} people who type at random end with one text`, async t => {
  t.diagnostic(`CODRAFT_SEED=${SEED}`)
  const server = await Server.start()
  t.after(() => server.remove())
  const [join, random] = [peersOf(t), below(SEED)]
  const people = Array.from({ length: PEOPLE }, (_, at) =>
    join(server, "crowd", { by: NAMES[at % NAMES.length] }),
  )
  await Promise.all(people.map(peer => peer.synced()))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const peer of people) edit(peer.doc.getText("text"), random)
    // Some rounds start before the one before has arrived anywhere.
    if (random(3) > 0) await somethingOf(people[random(PEOPLE)])
  }
  await converged(...people)
  const late = await join(server, "crowd").synced()
  const expected = late.doc.getText("text").toDelta()
  for (const [at, { doc }] of people.entries()) {
    assert.deepEqual(doc.getText("text").toDelta(), expected, `person ${at} of CODRAFT_SEED=${SEED}`)
  }
  assert.equal(
    people.reduce((sum, peer) => sum + peer.closes, 0),
    0,
  )
})

/** Waits for the next update to somebody's document. */
function somethingOf({ doc }) {
  return within(20_000, "somebody's edit", new Promise(heard => doc.once("update", heard)))
}
