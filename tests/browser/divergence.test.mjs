/**
 * Two copies of one document that have come apart without a word: the page notices, shows the server's, and lets the
 * person keep theirs.
 * Knows how a client id is drawn, and nothing of the numbers that are compared.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

// As long as each other: each then has as many operations of the one client as the other, and nothing is sent.
const ANNAS = "what anna wrote"
const BENS = "Ben's own words"

let browser = sharedBrowser()

/** Somebody whose browser draws the same numbers as everybody else's of this kind: they write under one client id. */
async function twin(t, door) {
  let who = await browser.person(t)
  await who.context.addInitScript(() => {
    Math.random = () => 0.123456789
  })
  await who.open(door, "doc")
  return who
}

test("a page that shows other words than the server has them replaced, and they can be copied", async t => {
  let server = await startServer(t)
  let wire = await layWire(t, server)
  let ben = await twin(t, wire)
  await wire.cut()
  await ben.type(BENS)
  let anna = await twin(t, server)
  await anna.type(ANNAS)
  await anna.says("saved")
  await anna.leave()
  await wire.mend()
  await ben.says("saved")
  assert.equal(await ben.text(), BENS)
  await ben.reads(ANNAS)
  let notice = ben.page.locator("#notice")
  assert.match(await notice.locator("p").textContent(), /another text than the server/)
  await notice.getByRole("button", { name: "Copy what was here" }).click()
  await notice.getByRole("button", { name: "Copied" }).waitFor()
  assert.equal(await ben.page.evaluate(() => navigator.clipboard.readText()), BENS)
  await notice.getByRole("button", { name: "Close" }).click()
  await ben.enterText()
  await ben.press("Control+End")
  await ben.type(", and ben")
  await ben.says("saved")
  let cleo = await browser.person(t)
  await cleo.open(server, "doc")
  await cleo.reads(`${ANNAS}, and ben`)
  assert.ok(server.log.some(line => line.includes("come apart")), "the server was not told")
})
