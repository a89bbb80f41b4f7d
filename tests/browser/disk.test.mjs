/**
 * The server's disk is full: nothing is called saved, everyone goes on writing, and it goes on by itself.
 * Knows nothing of how the server writes.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServerOnDisk } from "./support/server.mjs"

let browser = sharedBrowser()

const LONG = "more than a page, ".repeat(8_000)

test("a full disk is told at once, and what was typed meanwhile is saved when there is space again", async t => {
  let server = await startServerOnDisk(t, 4 << 20)
  if (!server) return t.skip("needs unshare(1) and the right to make name spaces")
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await Promise.all([anna.open(server, "meeting"), ben.open(server, "meeting")])
  await anna.type("before, ")
  await anna.says("saved")

  await server.fillDisk()
  let since = await anna.now()
  // More than the journal has made room for.
  await anna.paste(LONG)
  await anna.type("during, ", 5)
  await anna.says("notsaved")
  await ben.says("notsaved")
  await ben.reads(`before, ${LONG}during, `)
  let told = await anna.page.locator("#status").innerText()
  assert.match(told, /Not saved: the server’s disk refuses writes/)
  // A last page of the journal's file may still have taken the first letters.
  let states = (await anna.states(since)).map(({ state }) => state)
  assert.ok(!states.slice(states.indexOf("notsaved")).includes("saved"), `claimed to be saved: ${states}`)
  let asked = anna.page.waitForEvent("dialog")
  await anna.page.close({ runBeforeUnload: true })
  await (await asked).dismiss()

  await server.freeDisk()
  await anna.says("saved")
  await ben.says("saved")
  let carl = await browser.person(t)
  await carl.open(server, "meeting")
  await carl.reads(`before, ${LONG}during, `)
})
