/**
 * The pages themselves without a network: the service worker, what it keeps and what it never does, and a new release.
 * Knows addresses and files; what is in a document is a matter of other files.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { cached, settles, untilInstalled } from "./support/device.mjs"
import { ownedDocument } from "./support/links.mjs"
import { layRelease } from "./support/release.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

test("with the server down the start page opens, lists what was open, and offers a new document", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "diary")
  await anna.type("# Diary of a traveller")
  await anna.says("saved")
  await untilInstalled(anna)
  await anna.page.goto(server.origin)
  await server.kill()
  await anna.page.reload()
  let item = anna.page.locator("#recent li")
  await item.getByTitle("Available offline").waitFor()
  await item.getByRole("link").click()
  await anna.reads("# Diary of a traveller")
  await anna.page.getByText("You are offline.").waitFor()
  await anna.page.goto(server.origin)
  await anna.page.getByRole("link", { name: "New document" }).click()
  await anna.page.waitForURL("**/d/*")
  await anna.enterText()
  await anna.type("begun without a network")
  await anna.statusSays("kept on this device")
  await server.start()
  await anna.says("saved")
})

test("nothing of the API and no key is ever cached, and an address with a token is left to the server", async t => {
  let doc = await ownedDocument(t)
  let anna = await browser.person(t)
  await anna.follow(doc.owner())
  await untilInstalled(anna)
  for (let round = 0; round < 2; round++) {
    await anna.follow(doc.owner())
    await anna.type("words ")
    await anna.says("saved")
  }
  await anna.page.getByRole("button", { name: "Share" }).click()
  await anna.page.locator(".links li").first().waitFor()
  let asked = `${doc.server.page(doc.name)}?token=abc`
  await anna.page.evaluate(async asked => (await fetch(asked)).text(), asked)
  let addresses = await cached(anna)
  assert.ok(addresses.includes("/") && addresses.includes("/d/_"), addresses.join("\n"))
  for (let address of addresses) assert.match(address, /^\/(d\/_)?$|^\/assets\/[\w.-]+$/)
  let bodies = await anna.page.evaluate(async () => {
    let pages = await Promise.all(["/", "/d/_"].map(async page => (await window.caches.match(page)).text()))
    return pages.join()
  })
  assert.ok(!bodies.includes(doc.secret) && !bodies.includes(doc.name))
  await doc.server.kill()
  await assert.rejects(anna.page.goto(asked), /ERR_/)
  // The browser's own page about that is none of ours.
  await anna.page.close()
})

test("a new release is there at the next load; an old tab still finds its own files, and no page mixes them", async t => {
  let server = await startServer(t)
  let door = await layRelease(t, server)
  let anna = await browser.person(t)
  await anna.open(door, "diary")
  await untilInstalled(anna)
  await anna.page.reload()
  await anna.says("saved")
  let late = door.lateFile()
  await settles(anna, async late => Boolean(await window.caches.match(late)), late)
  let scripts = () => anna.page.evaluate(() => [...document.querySelectorAll("script[src], link[href]")].map(({ src, href }) => new URL(src || href).pathname))
  let old = anna.page

  door.release()
  await anna.newTab()
  await anna.open(door, "diary")
  let named = (await scripts()).filter(address => address.startsWith("/assets/"))
  assert.ok(named.length > 0 && named.every(address => door.isNew(address)), named.join())
  await anna.page.evaluate(async () => {
    let registration = await navigator.serviceWorker.ready
    await registration.update()
    let { installing, waiting } = registration
    if (waiting || !installing) return
    await new Promise(resolve => installing.addEventListener("statechange", () => installing.state === "installed" && resolve()))
  })
  let found = await old.evaluate(async late => (await fetch(late)).ok, late)
  assert.ok(found, "the old tab does not find its own file any more")
  assert.equal((await fetch(door.origin + late)).status, 404, "the server still has the old file: this shows nothing")

  // Both releases are whole, whichever is shown without a network.
  await door.cut()
  await anna.page.goto(door.page("diary"))
  await anna.until(() => window.witness.text() !== undefined)
  let shown = (await scripts()).filter(address => address.startsWith("/assets/"))
  assert.equal(new Set(shown.map(address => door.isNew(address))).size, 1, shown.join())
  await door.mend()
  await old.close()
  await anna.page.goto("about:blank")
  await anna.closeTab()
  await anna.newTab()
  await anna.open(door, "diary")
  await settles(anna, async () => (await window.caches.keys()).length === 1)
  assert.ok((await cached(anna)).filter(address => address.startsWith("/assets/")).every(address => door.isNew(address)))
})

test("the pages can be installed: the manifest names icons that are there", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.page.goto(server.origin)
  let manifest = await anna.page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json())
  assert.equal(manifest.display, "standalone")
  for (let { src, sizes } of manifest.icons) {
    let answer = await fetch(server.origin + src)
    assert.equal(answer.status, 200, src)
    assert.match(answer.headers.get("content-type"), /^image\//, sizes)
  }
  let worker = await fetch(`${server.origin}/sw.js`)
  assert.equal(worker.headers.get("cache-control"), "no-cache")
  assert.match(worker.headers.get("content-type"), /^text\/javascript/)
  let debug = await anna.debug()
  let { errors } = await debug.send("Page.getAppManifest")
  assert.deepEqual(errors, [])
})
