/**
 * The package in apps of the usual bundlers and frameworks.
 * Knows what is seen of each app, and none of the package's insides.
 */
import assert from "node:assert/strict"
import { rm } from "node:fs/promises"
import { after, before, test } from "node:test"
import { startServer } from "../browser/support/server.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { byVite, byWebpack, viteServer } from "./support/builds.mjs"
import { openSite } from "./support/site.mjs"

let browser = sharedBrowser()
let vite
let packed
before(async () => {
  vite = await byVite()
  packed = await byWebpack()
})
after(() => Promise.all([vite, packed].map(folder => folder && rm(folder, { recursive: true }))))

/** A site with a server that lets it in, and somebody who writes on its page. */
async function meet(t, site, path = "") {
  let server = await startServer(t, "--allow-origin", site.origin)
  let ann = await browser.page(t)
  let address = `${site.origin}/${path}?server=${server.origin}&doc=notes`
  await ann.open(address)
  return { server, ann, address }
}

async function writes(ann) {
  await ann.ready()
  await ann.type("# bundled")
  await ann.page.evaluate(() => document.querySelector("codraft-editor").flush())
  // What is loaded later has to be found, too.
  await ann.page.locator("codraft-presence .avatar").first().waitFor()
  await ann.page.evaluate(() => document.querySelector("codraft-editor").setAttribute("mode", "read"))
  await ann.page.locator("codraft-preview h1").filter({ hasText: "bundled" }).waitFor()
}

test("the element that Vite has bundled is written in, and shows how the text reads", async t => {
  let { ann } = await meet(t, await openSite(t, vite))
  await writes(ann)
})

test("the element that webpack has bundled is written in, and shows how the text reads", async t => {
  let { ann } = await meet(t, await openSite(t, packed))
  await writes(ann)
})

for (let [how, optimizeDeps] of Object.entries({ "made ready": {}, "left as it is": { exclude: ["codraft"] } })) {
  test(`Vite's own server serves the element, with the package ${how}`, async t => {
    let { ann } = await meet(t, await viteServer(t, optimizeDeps))
    await writes(ann)
  })
}

test("with the wasm inside nobody is asked for it", async t => {
  let site = await openSite(t, vite)
  let { ann } = await meet(t, site, "inline.html")
  await ann.ready()
  await ann.type("inside")
  await ann.page.evaluate(() => document.querySelector("codraft-editor").flush())
  assert.deepEqual(
    site.asked.filter(path => path.endsWith(".wasm")),
    [],
  )
})

test("a CodeMirror of the app's own shows the document in two editors at once", async t => {
  let { ann, server } = await meet(t, await openSite(t, vite), "codemirror.html")
  await ann.page.evaluate(() => session.ready())
  await ann.page.locator("#one .cm-content").click()
  await ann.page.keyboard.type("one ")
  await ann.page.locator("#two .cm-content").click()
  await ann.page.keyboard.press("Control+End")
  await ann.page.keyboard.type("two")
  let texts = () => views.map(view => view.state.doc.toString()).join("|") === "one two|one two"
  await ann.until(texts)
  await ann.page.evaluate(() => session.flush())
  let stored = await fetch(`${server.origin}/api/docs/notes/text`)
  assert.equal(await stored.text(), "one two")
  await ann.page.keyboard.press("Control+z")
  await ann.until(() => views.every(view => !view.state.doc.toString().includes("two")))
  await ann.page.evaluate(() => session.end())
  await ann.until(() => views.every(view => view.state.readOnly))
})

test("a React app under StrictMode takes the editor away and brings it back with its text", async t => {
  let { ann } = await meet(t, await openSite(t, vite), "react.html")
  await ann.ready()
  await ann.type("from React")
  await ann.until(() => document.getElementById("text").textContent === "from React")
  await ann.until(() => document.getElementById("length").textContent === "10")
  await ann.until(() => document.getElementById("state").textContent === "saved")
  await ann.page.locator("#toggle").click()
  await ann.until(() => !document.querySelector("codraft-editor"))
  await ann.page.locator("#toggle").click()
  await ann.reads("from React")
  await ann.type(", twice")
  await ann.until(() => document.getElementById("text").textContent === "from React, twice")
})
