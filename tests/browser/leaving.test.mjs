/**
 * Leaving a page and coming back: the warning while something is unsaved, reloading, and addresses that are no document.
 * Knows nothing of two people typing.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

async function alone(t) {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "desk")
  return { server, anna }
}

test("closing the tab with words that are in it alone warns, and staying keeps them", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.context.addInitScript(() => Object.defineProperty(window, "indexedDB", { value: undefined }))
  await anna.open(server, "desk")
  await anna.type("saved. ")
  await anna.says("saved")
  await server.kill()
  await anna.type("not saved")
  await anna.until(() => window.witness.state() !== "saved")
  let asked = anna.page.waitForEvent("dialog")
  await anna.page.close({ runBeforeUnload: true })
  let dialog = await asked
  assert.equal(dialog.type(), "beforeunload")
  await dialog.dismiss()
  assert.equal(await anna.text(), "saved. not saved")
  await server.start()
  await anna.says("saved")
})

test("closing the tab is silent when what is not saved is kept on this device, and it is sent the next time", async t => {
  let { server, anna } = await alone(t)
  await anna.type("saved. ")
  await anna.says("saved")
  await server.kill()
  await anna.type("kept")
  await anna.until(() => document.getElementById("status").textContent.includes("kept on this device"))
  let dialogs = []
  anna.page.on("dialog", dialog => dialogs.push(dialog.type()) && dialog.accept())
  let closed = anna.page.waitForEvent("close")
  await anna.page.close({ runBeforeUnload: true })
  await closed
  assert.deepEqual(dialogs, [])
  await server.start()
  let again = await anna.context.newPage()
  await again.goto(server.page("desk"))
  await again.waitForFunction(() => window.witness.text() === "saved. kept" && window.witness.state() === "saved")
  let ben = await browser.person(t)
  await ben.open(server, "desk")
  await ben.reads("saved. kept")
})

test("closing the tab is silent when everything is saved", async t => {
  let { anna } = await alone(t)
  let dialogs = []
  anna.page.on("dialog", dialog => dialogs.push(dialog.type()) && dialog.accept())
  await anna.type("all of it saved")
  await anna.says("saved")
  let closed = anna.page.waitForEvent("close")
  await anna.page.close({ runBeforeUnload: true })
  await closed
  assert.deepEqual(dialogs, [])
})

test("a reader who typed nothing is not warned when the server is away", async t => {
  let { server, anna } = await alone(t)
  await anna.enterText()
  await server.kill()
  await anna.says("reconnecting")
  await anna.press("ArrowDown")
  let closed = anna.page.waitForEvent("close")
  let dialogs = []
  anna.page.on("dialog", dialog => dialogs.push(dialog.type()) && dialog.accept())
  await anna.page.close({ runBeforeUnload: true })
  await closed
  assert.deepEqual(dialogs, [])
})

test("a reload and a tab of one's own show the same text", async t => {
  let { server, anna } = await alone(t)
  await anna.type("first line\nsecond line")
  await anna.says("saved")
  await anna.page.reload()
  await anna.reads("first line\nsecond line")
  let tab = await anna.context.newPage()
  await tab.goto(server.page("desk"))
  await tab.waitForFunction(() => window.witness.text() === "first line\nsecond line")
  await tab.waitForFunction(() => document.title === "first line · Codraft")
})

test("names with slashes, spaces, other scripts and percent signs are documents of their own", async t => {
  let server = await startServer(t)
  let names = ["a/b c", "a%2Fb c", "日本語 ☂", "a?b#c&d", "Ünïcode".normalize("NFD"), "x".repeat(1_024)]
  let anna = await browser.person(t)
  for (let name of names) {
    await anna.open(server, name)
    await anna.type(`this is ${name}`)
    await anna.says("saved")
  }
  for (let name of names) {
    await anna.open(server, name)
    await anna.reads(`this is ${name}`)
    assert.equal(new URL(anna.page.url()).pathname, `/d/${encodeURIComponent(name)}`)
  }
})

for (let [what, address] of Object.entries({
  "a control character": "/d/a%00b",
  "a dot segment": "/d/a%2F..%2Fb",
  "1,025 bytes": `/d/${"x".repeat(1_025)}`,
})) {
  test(`a link to a name with ${what} says what is wrong with it`, async t => {
    let server = await startServer(t)
    let anna = await browser.person(t)
    let response = await anna.page.goto(server.origin + address)
    assert.equal(response.status(), 400)
    assert.match((await response.text()).trim(), /^This cannot be a document's address: .+\.$/)
  })
}
