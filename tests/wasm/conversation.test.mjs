/** The wasm client in two tabs, on the real server. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { below, SEED } from "../conformance/support/mischief.mjs"
import { Server } from "../conformance/support/server.mjs"
import { until } from "../conformance/support/wait.mjs"
import { tabsOf } from "./support/tab.mjs"

async function serverFor(test) {
  const server = await Server.start()
  test.after(() => server.remove())
  return server
}

/** Two tabs in one document. */
async function annAndBob(test) {
  const server = await serverFor(test)
  const open = tabsOf(test)
  return { server, open, ann: await open(server, "doc").synced(), bob: await open(server, "doc").synced() }
}

test("what one types the other pulls", async t => {
  const { ann, bob } = await annAndBob(t)
  ann.type(0, 0, "hello")
  await bob.shows("hello")
  bob.type(5, 5, " world")
  bob.type(0, 1, "H")
  await ann.shows("Hello world")
  assert.equal(ann.client.text(), "Hello world")
  assert.ok(ann.client.matches("Hello world") && !ann.client.matches("hello world"))
})

test("offsets count UTF-16 units, in both directions", async t => {
  const { ann, bob } = await annAndBob(t)
  ann.type(0, 0, "👩‍👩‍👧é\n日本")
  await bob.shows("👩‍👩‍👧é\n日本")
  bob.type(8, 9, "🙂🙂")
  await ann.shows("👩‍👩‍👧🙂🙂\n日本")
  ann.type(10, 12, "")
  await bob.shows("👩‍👩‍👧🙂\n日本")
})

test("several ranges are one change", async t => {
  const { ann, bob } = await annAndBob(t)
  ann.type(0, 0, "one two three")
  await bob.shows("one two three")
  bob.client.edit([0, 3, 1, 4, 7, 2, 13, 13, 1], "1🙂!", 0, 0)
  await ann.shows("1 🙂 three!")
})

test("undo takes back one's own words only, and redo brings them back", async t => {
  const { ann, bob } = await annAndBob(t)
  ann.type(0, 0, "ann ")
  await bob.shows("ann ")
  bob.type(4, 4, "bob ")
  await ann.shows("ann bob ")
  ann.client.closeUndoGroup()
  ann.type(8, 8, "again")
  await bob.shows("ann bob again")
  ann.undo()
  await bob.shows("ann bob ")
  ann.undo()
  await bob.shows("bob ")
  assert.equal(ann.editor, "bob ")
  assert.equal(ann.client.canUndo(), false)
  assert.equal(ann.client.undo(), undefined)
  ann.redo()
  await bob.shows("ann bob ")
  assert.equal(bob.client.canRedo(), false)
})

test("people see each other's names and carets, and when somebody closes the tab", async t => {
  const { ann, bob } = await annAndBob(t)
  bob.type(0, 0, "🙂 text")
  await ann.shows("🙂 text")
  ann.client.setUser("Ann", "#30bced", "#30bced33", "ann-1")
  ann.client.setCursor(2, 4)
  const is = (name, anchor, head) => () =>
    bob.people.some(person => person.name === name && person.anchor === anchor && person.head === head)
  await until("Ann and her selection", [bob], is("Ann", 2, 4))
  ann.client.clearCursor()
  await until("Ann without a caret", [bob], is("Ann", -1, -1))
  ann.leave()
  await until("Ann to be gone", [bob], () => bob.people.every(({ name }) => name !== "Ann"), 2_000)
})

test("saved is said once the server's disk has it and not before", async t => {
  const { server, open, ann } = await annAndBob(t)
  for (let round = 0; round < 5; round += 1) {
    ann.type(0, 0, `<${round}>`)
    assert.equal(ann.status("saved"), false)
    await ann.saved()
    const kept = ann.editor
    await server.kill()
    // Neither tab may bring it back.
    for (const tab of open.all) tab.client.close()
    ann.type(0, 0, "offline ")
    await server.run()
    const fresh = await open(server, "doc").synced()
    await fresh.shows(kept)
    assert.equal(ann.status("saved"), false)
    ann.client.connect()
    await ann.saved()
    await fresh.shows(`offline ${kept}`)
  }
})

test("what was typed offline on both sides is merged", async t => {
  const { server, ann, bob } = await annAndBob(t)
  ann.type(0, 0, "shared ")
  await bob.shows("shared ")
  await ann.saved()
  await server.terminate()
  await until("both to be offline", [ann, bob], () =>
    [ann, bob].every(tab => tab.status("network") !== "live"),
  )
  ann.type(0, 0, "ann ")
  bob.type(7, 7, "bob")
  await server.run()
  await Promise.all([ann.shows("ann shared bob"), bob.shows("ann shared bob")])
  await Promise.all([ann.saved(), bob.saved()])
})

test("a change that makes no sense is refused and the client lives on", async t => {
  const { ann, bob } = await annAndBob(t)
  ann.type(0, 0, "text")
  const senseless = {
    "a range that ends before it starts": [[3, 1, 0], ""],
    "ranges out of order": [[3, 4, 0, 0, 1, 0], ""],
    "ranges that overlap": [[0, 3, 0, 2, 4, 0], ""],
    "half a range": [[0, 1], ""],
    "text that belongs to no range": [[0, 0, 1], "ab"],
    "text without a range": [[], "a"],
  }
  for (const [what, [ranges, inserted]] of Object.entries(senseless)) {
    assert.throws(() => ann.client.edit(ranges, inserted, 0, 0), /ranges must be/, what)
    assert.equal(ann.client.text(), "text", what)
  }
  ann.type(4, 4, "!")
  await bob.shows("text!")
})

const WORDS = ["a", "word ", "🙂", "日本", "\n", "é"]

/** Replaces a random stretch, never cutting an emoji: an editor does not either. */
function mischief(tab, random) {
  const from = random(tab.editor.length + 1)
  const to = Math.min(from + random(4), tab.editor.length)
  const whole = at => (tab.editor.codePointAt(at - 1) > 0xffff ? at - 1 : at)
  tab.type(whole(from), whole(to), random(3) > 0 ? WORDS[random(WORDS.length)] : "")
}

test("three tabs that type at random show one text, which is what they were told all along", async t => {
  t.diagnostic(`CODRAFT_SEED=${SEED}`)
  const [{ server, open, ann, bob }, random] = [await annAndBob(t), below(SEED)]
  const tabs = [ann, bob, await open(server, "doc").synced()]
  for (let step = 0; step < 1_500; step += 1) {
    const tab = tabs[random(tabs.length)]
    const choice = random(16)
    if (choice === 0) tab.undo()
    else if (choice === 1) tab.redo()
    else mischief(tab, random)
    if (random(20) === 0) await tab.saved()
    assert.ok(tab.client.matches(tab.editor), `step ${step} of CODRAFT_SEED=${SEED}`)
  }
  for (const tab of tabs) await tab.saved()
  const fresh = await open(server, "doc").synced()
  await until("everyone to converge", [fresh, ...tabs], () => tabs.every(tab => tab.editor === fresh.editor))
  for (const tab of tabs) assert.equal(tab.client.text(), tab.editor)
})
