/**
 * The network goes and comes back while people type: nobody's words are lost, and the status line never claims more
 * than is true.
 * Knows a server that stays up; the one that dies has a file of its own.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

let browser = sharedBrowser()

/** Anna on a wire of her own, Ben directly at the server, and a line for each of them. */
async function apart(t) {
  let server = await startServer(t)
  let wire = await layWire(t, server)
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await Promise.all([anna.open(wire, "apart"), ben.open(server, "apart")])
  await ben.type("Anna: \nBen: ")
  await anna.reads("Anna: \nBen: ")
  await anna.goToLine(1)
  await ben.goToLine(2)
  return { wire, anna, ben }
}

async function bothRead(anna, ben, text) {
  for (let who of [anna, ben]) {
    await who.reads(text)
    await who.says("saved")
  }
}

async function neverSaved(who, since) {
  let states = await who.states(since)
  assert.ok(states.length > 0)
  assert.deepEqual(states.filter(({ state }) => state === "saved"), [], "claimed to be saved")
}

test("what both write while one has no network is merged when it is back", async t => {
  let { wire, anna, ben } = await apart(t)
  await anna.context.setOffline(true)
  await wire.cut()
  await anna.says("offline")
  let untouched = (await anna.states()).at(-1)
  assert.equal(untouched.text, "Offline")
  await anna.type("written on the train")
  let lost = await anna.now()
  await ben.type("written at the desk")
  await ben.says("saved")
  assert.equal(await anna.text(), "Anna: written on the train\nBen: ")
  assert.equal((await anna.states()).at(-1).text, "Offline, kept on this device")
  await neverSaved(anna, lost)
  await wire.mend()
  await neverSaved(anna, lost)
  await anna.context.setOffline(false)
  await bothRead(anna, ben, "Anna: written on the train\nBen: written at the desk")
})

test("what a page could not load in time is there as soon as there is a network again", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  let refused = new Set()
  let parts = /\/assets\/(aids|start-views)-/
  await anna.page.route(parts, async route => {
    refused.add(parts.exec(route.request().url())[1])
    await route.abort()
  })
  await anna.open(server, "late")
  await anna.until(() => performance.getEntriesByType("resource").filter(({ name }) => /aids-|start-views-/.test(name)).length > 1)
  assert.deepEqual([...refused].sort(), ["aids", "start-views"])
  await anna.page.unroute(parts)
  await anna.context.setOffline(true)
  await anna.context.setOffline(false)
  await anna.page.locator("codraft-view-switch").waitFor({ state: "attached" })
  await anna.page.locator("codraft-toolbar").waitFor({ state: "attached" })
})

test("a connection that is cut without the browser's knowledge is made again by itself", async t => {
  let { wire, anna, ben } = await apart(t)
  await wire.cut()
  await anna.says("reconnecting")
  await anna.type("typed into the gap")
  let lost = await anna.now()
  await ben.type("typed meanwhile")
  await ben.says("saved")
  await anna.until(() => /^Offline, kept on this device · Reconnecting in \d s$/.test(document.getElementById("status").textContent))
  await neverSaved(anna, lost)
  await wire.mend()
  await bothRead(anna, ben, "Anna: typed into the gap\nBen: typed meanwhile")
})

test("that it is offline is also spoken, while the line counts down to the next try", async t => {
  let { wire, anna } = await apart(t)
  await wire.cut()
  await anna.until(() => document.getElementById("announcer").textContent === "Offline")
})

test("on a network that has silently gone nothing is called saved, and it ends well", async t => {
  let { wire, anna, ben } = await apart(t)
  wire.fallSilent()
  await anna.type("into the void")
  let lost = await anna.now()
  await anna.until(() => ["offline", "reconnecting"].includes(window.witness.state()))
  await ben.type("still here")
  await neverSaved(anna, lost)
  await wire.mend()
  await bothRead(anna, ben, "Anna: into the void\nBen: still here")
})

test("retry now reconnects without waiting for the next try", async t => {
  let { wire, anna, ben } = await apart(t)
  await wire.cut()
  await anna.type("waiting")
  // By then the pauses between two tries are long enough to tell the button from the clock.
  await anna.until(() => window.witness.states.some(({ text }) => / in [34] s$/.test(text)))
  await wire.mend()
  await anna.page.getByRole("button", { name: "Retry now" }).click()
  await bothRead(anna, ben, "Anna: waiting\nBen: ")
})
