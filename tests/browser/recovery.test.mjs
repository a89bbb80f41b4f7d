/**
 * A replica that fails in the middle of everything: the page goes on with a fresh one, and nothing that was typed is lost.
 * Knows where the wasm keeps its memory, and nothing of what is in it.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

const RECOVERED = "Editor recovered. What you wrote is still here; steps from before cannot be undone."

let browser = sharedBrowser()

/** Hands the page's wasm instances to the tests, however they are made. */
function watchInstances() {
  window.instances = []
  let { Instance, instantiate, instantiateStreaming } = WebAssembly
  let seen = instance => window.instances.push(instance) && instance
  WebAssembly.Instance = function (...made) {
    return seen(new Instance(...made))
  }
  for (let [name, make] of Object.entries({ instantiate, instantiateStreaming })) {
    WebAssembly[name] = async (...given) => {
      let made = await make.apply(WebAssembly, given)
      seen(made.instance ?? made)
      return made
    }
  }
}

/** Damages the memory of the latest instance, as a fault in it could: the next call traps. */
function damage(who) {
  return who.page.evaluate(() => new Uint8Array(window.instances.at(-1).exports.memory.buffer).fill(0xff))
}

/** Somebody in a document whose page can be damaged. */
async function person(t, door, name) {
  let who = await browser.person(t)
  await who.context.addInitScript(watchInstances)
  await who.open(door, name)
  return who
}

function notice(who) {
  return who.page.locator("#notice p")
}

test("the letter at which the editor fails is kept, and so is everything before and after it", async t => {
  let server = await startServer(t)
  let [anna, ben] = [await person(t, server, "doc"), await person(t, server, "doc")]
  await anna.type("before ")
  await ben.reads("before ")
  await damage(anna)
  await anna.type("and after")
  assert.equal(await notice(anna).textContent(), RECOVERED)
  await anna.says("saved")
  assert.equal(await anna.text(), "before and after")
  await ben.reads("before and after")
  await ben.enterText()
  await ben.press("Control+End")
  await ben.type(" from ben")
  await anna.reads("before and after from ben")
  await anna.page.locator("#people button").nth(1).waitFor()
  await ben.until(() => window.witness.others().length === 1)
  await ben.page.locator("#people .more").click()
  assert.equal(await ben.page.locator("#others li").count(), 1, "somebody is there twice")
  await anna.page.locator("#notice button").click()
  assert.equal(await notice(anna).count(), 0)
})

test("what was typed offline survives a failure, and what others typed meanwhile stays as it is", async t => {
  let server = await startServer(t)
  let wire = await layWire(t, server)
  let [anna, ben] = [await person(t, wire, "doc"), await person(t, server, "doc")]
  await anna.type("one\ntwo\nthree")
  await ben.reads("one\ntwo\nthree")
  await wire.cut()
  await anna.says("reconnecting")
  await anna.type(" from anna")
  await anna.goToLine(1)
  await anna.type(" more")
  await ben.goToLine(2)
  await ben.press("Shift+Home", "Delete")
  await ben.type("zwei")
  await ben.says("saved")
  await damage(anna)
  await anna.type("!")
  await anna.reads("one more!\ntwo\nthree from anna")
  assert.equal(await notice(anna).textContent(), RECOVERED)
  assert.ok(!(await anna.states()).at(-1).text.includes("Saved"))
  await wire.mend()
  await anna.reads("one more!\nzwei\nthree from anna")
  await ben.reads("one more!\nzwei\nthree from anna")
  await anna.says("saved")
})

test("a failure while others type is recovered by itself", async t => {
  let server = await startServer(t)
  let [anna, ben] = [await person(t, server, "doc"), await person(t, server, "doc")]
  await ben.type("words ")
  await anna.reads("words ")
  await damage(anna)
  await ben.type("and more")
  await anna.reads("words and more")
  assert.equal(await notice(anna).textContent(), RECOVERED)
})

test("an editor that fails again at once says that it has stopped", async t => {
  let server = await startServer(t)
  let anna = await person(t, server, "doc")
  await anna.type("first ")
  await damage(anna)
  await anna.type("second ")
  await anna.says("saved")
  await damage(anna)
  await anna.type("third")
  await anna.says("notsaved")
  assert.match((await anna.states()).at(-1).text, /the editor stopped/)
  assert.equal(await anna.copyAll(), "first second third")
  // How it fails depends on what is damaged; where it does, not.
  assert.match(anna.errors.splice(0).join(), /RuntimeError|stale|\.wasm/)
})
