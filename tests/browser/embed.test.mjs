/**
 * A document in a frame on another site's page: whose pages may show it, what its address asks for, and that it leaves
 * nothing behind.
 * Knows the page's parts by what people see.
 */
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { frameSite } from "./support/frames.mjs"
import { ownedDocument } from "./support/links.mjs"
import { png } from "./support/png.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** A site, a server that lets it show documents, and somebody at a browser. */
async function embedding(t, name) {
  let site = await frameSite(t, name)
  let server = await startServer(t, "--embed-in", site.origin)
  return { site, server, anna: await browser.person(t) }
}

/** Waits until the frame's status is this. */
async function says(frame, state) {
  await frame.waitForFunction(state => window.witness?.state() === state, state)
}

async function reads(frame, text) {
  await frame.waitForFunction(text => window.witness.text() === text, text)
}

/** Nothing that the page did was stopped. */
async function violations(frame) {
  return frame.evaluate(() => window.witness.violations)
}

test("a named site shows a document in which everybody writes, and nothing stays in the browser", async t => {
  // A frame that could keep something.
  let { site, server, anna } = await embedding(t, "127.0.0.1")
  let ben = await browser.person(t)
  await ben.open(server, "notes")
  let address = `${server.origin}/embed/notes?user-name=Ada&user-color=8a4bc1&toolbar=1`
  let frame = await site.shows(anna, address)
  await says(frame, "saved")
  await frame.locator(".cm-content").click()
  await anna.type("from the frame")
  await ben.reads("from the frame")
  await ben.until(() => window.witness.others().join() === "Ada")
  await ben.page.locator(".cm-peerCaret").waitFor({ state: "attached" })
  await ben.enterText()
  await ben.press("Control+End")
  await ben.type(" and the page")
  await reads(frame, "from the frame and the page")
  await frame.locator("#above").getByRole("button", { name: /Bold/ }).waitFor()
  await frame.getByRole("button", { name: "Read", exact: true }).click()
  await frame.locator("codraft-preview").getByText("from the frame").waitFor()
  let kept = await frame.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }))
  assert.deepEqual(kept, { local: 0, session: 0, databases: 0, caches: 0, workers: 0 })
  assert.deepEqual(await violations(frame), [])
})

test("other sites show nothing of it, and nobody shows the server's other pages", async t => {
  let { site, server, anna } = await embedding(t)
  let stranger = await frameSite(t)
  for (let [host, address] of [
    [stranger, `${server.origin}/embed/notes`],
    [site, server.page("notes")],
    [site, server.origin],
  ]) {
    let frame = await host.shows(anna, address)
    await frame.waitForURL("chrome-error://chromewebdata/")
    let [complaint, ...more] = anna.errors.splice(0)
    assert.match(complaint, /frame-ancestors/)
    assert.deepEqual(more, [])
  }
})

test("where browsers give frames no storage it works all the same", async t => {
  let { site, server, anna } = await embedding(t)
  let frame = await site.shows(anna, `${server.origin}/embed/notes?user-name=Ada`)
  await says(frame, "saved")
  let refusal = await frame.evaluate(() => {
    try {
      return String(localStorage)
    } catch (error) {
      return error.name
    }
  })
  assert.equal(refusal, "SecurityError", "this browser gives it storage after all")
  await frame.locator(".cm-content").click()
  await anna.type("kept nowhere but at the server")
  await says(frame, "saved")
  await frame.locator("#own-avatar").click()
  assert.equal(await frame.getByRole("textbox", { name: "Your name" }).inputValue(), "Ada")
  await frame.getByRole("textbox", { name: "Your name" }).fill("Ada L.")
  await frame.locator('#own-avatar[title^="Ada L."]').waitFor()
  let again = await site.opens(anna)
  await reads(again, "kept nowhere but at the server")
  assert.deepEqual(await violations(again), [])
})

test("what lets somebody in stands behind the #, leaves the address at once, and may be renewed", async t => {
  let site = await frameSite(t)
  let owned = await ownedDocument(t, "--embed-in", site.origin)
  let anna = await browser.person(t)
  let address = `${owned.server.origin}/embed/${owned.name}`
  let closed = await site.shows(anna, address)
  await closed.getByText("You need a link to open this document").waitFor()
  let viewer = await owned.link({ role: "viewer" })
  let frame = await site.shows(anna, `${address}#key=${viewer.secret}`)
  await says(frame, "reading")
  assert.equal(await frame.evaluate(() => location.href), address)
  await frame.evaluate(() => {
    window.isTheSame = true
  })
  await anna.page.evaluate(src => {
    document.querySelector("iframe").src = src
  }, `${address}#key=${owned.secret}`)
  await says(frame, "saved")
  assert.equal(await frame.evaluate(() => [location.href, window.isTheSame].join()), `${address},true`)
  await frame.getByRole("button", { name: "Write", exact: true }).click()
  await frame.locator(".cm-content").click()
  await anna.type("an owner")
  await says(frame, "saved")
  let link = frame.getByRole("link", { name: "Open on a page of its own" })
  assert.equal(await link.getAttribute("href"), `/d/${owned.name}`)
  let [page] = await Promise.all([anna.context.waitForEvent("page"), link.click()])
  await page.waitForFunction(() => window.witness?.text() === "an owner")
})

test("who has come by a link sees the document's pictures, also from another site's page", async t => {
  let site = await frameSite(t)
  let owned = await ownedDocument(t, "--embed-in", site.origin)
  let api = `${owned.server.origin}/api/docs/${owned.name}`
  let headers = { Authorization: `Bearer ${owned.secret}` }
  let brought = await fetch(`${api}/files`, { method: "POST", headers, body: png(3, 2) })
  let { path } = await brought.json()
  await fetch(`${api}/text`, { method: "PUT", headers, body: `![An otter](${path})` })
  let anna = await browser.person(t)
  let address = `${owned.server.origin}/embed/${owned.name}?view=read#key=${owned.secret}`
  let frame = await site.shows(anna, address)
  let picture = frame.locator("codraft-preview").getByRole("img", { name: "An otter" })
  await picture.waitFor()
  assert.equal(await picture.evaluate(image => image.decode().then(() => image.naturalWidth)), 3)
})

test("the address says how it is shown", async t => {
  let { site, server, anna } = await embedding(t)
  let address = `${server.origin}/embed/notes`
  let asked = "theme=dark&line-numbers=1&wrap=0&placeholder=Say%20it%20here&lang=de&dir=rtl&presence=0"
  let frame = await site.shows(anna, `${address}?${asked}`)
  await says(frame, "saved")
  await frame.getByText("Say it here").waitFor()
  await frame.locator(".cm-lineNumbers").waitFor()
  let shown = () => {
    let host = document.getElementById("editor")
    let { theme } = document.documentElement.dataset
    return { theme, lang: host.lang, dir: host.dir, isWrapped: !!host.shadowRoot.querySelector(".cm-lineWrapping") }
  }
  assert.deepEqual(await frame.evaluate(shown), { theme: "dark", lang: "de", dir: "rtl", isWrapped: false })
  assert.equal(await frame.evaluate(() => window.witness.faces().length), 0)
  await frame.locator(".cm-content").click()
  await anna.type("# A **text**")
  await says(frame, "saved")
  let read = await site.shows(anna, `${address}?readonly=1`)
  await says(read, "reading")
  await read.locator("codraft-preview").getByRole("heading", { name: "A text" }).waitFor()
  await read.getByRole("button", { name: "Write", exact: true }).click()
  await read.locator(".cm-content").click()
  await anna.type("not this")
  await reads(read, "# A **text**")
  let split = await site.shows(anna, `${address}?view=split`)
  await split.locator("codraft-preview").getByRole("heading", { name: "A text" }).waitFor()
  await split.locator(".cm-content").waitFor()
  let bad = await site.shows(anna, `${server.origin}/embed/a%2F..%2Fb`)
  await bad.getByText("This cannot be a document's address").waitFor()
  anna.errors.splice(0)
})

test("the example shows what it says", async t => {
  let { site, server, anna } = await embedding(t)
  let example = await readFile(new URL("../../examples/iframe.html", import.meta.url), "utf8")
  site.html = example.replace("http://127.0.0.1:8080", server.origin)
  let frame = await site.opens(anna)
  await says(frame, "saved")
  await frame.locator('#own-avatar[title^="Ada"]').waitFor()
})
