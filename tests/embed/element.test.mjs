/**
 * What a page does with the element: forms, moves, several at once, a policy, and its properties and methods.
 * Knows the element as its documentation has it.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { startServer } from "../browser/support/server.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { openSite, PLAIN } from "./support/site.mjs"

let browser = sharedBrowser()

async function visit(t, page, { site: options, query = "", ...visitor } = {}) {
  let site = await openSite(t, PLAIN, options)
  let server = await startServer(t, "--allow-origin", site.origin)
  let ann = await browser.page(t, visitor)
  await ann.open(`${site.origin}/${page}?server=${server.origin}&doc=notes${query}`)
  return { site, server, ann, page: ann.page }
}

/** A policy as strict as an app can have it that lets the editor in. */
const policy = server =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src 'self' ${server.replace("http", "ws")} ${server}`,
    "img-src data:",
    "style-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ")

test("a form sends the text under the element's name, and none of what is disabled", async t => {
  // The form leads to a page that has not been told of a document.
  let { ann, page } = await visit(t, "form.html", { expects: ["which document is meant"] })
  await ann.ready("#editor")
  await page.getByRole("textbox", { name: "Notes", exact: true }).waitFor()
  await page.locator("label").click()
  await page.keyboard.type("two\nlines & more")
  await ann.reads("two\nlines & more", "#editor")
  let data = await page.evaluate(() => [...new FormData(document.querySelector("form"))])
  assert.deepEqual(data, [["notes", "two\nlines & more"]])
  assert.equal(await page.evaluate(() => document.querySelector("#kept").view.state.readOnly), true)
  await page.getByRole("button", { name: "Send" }).click()
  await page.waitForURL(/notes=two%0D%0Alines\+%26\+more/)
})

test("an editor that is moved keeps its text, its cursor, its steps and its view", async t => {
  let { ann, page } = await visit(t, "two.html")
  await ann.ready("#one")
  await ann.type("moved along", "#one")
  await page.evaluate(() => {
    let one = document.getElementById("one")
    window.view = one.view
    one.setSelection(5)
    document.getElementById("right").append(one)
  })
  await ann.until(() => document.getElementById("one").isConnected)
  let [isSame, selection] = await page.evaluate(() => [one.view === window.view, one.selection])
  assert.deepEqual([isSame, selection], [true, { anchor: 5, head: 5 }])
  await page.evaluate(() => one.focus())
  await page.keyboard.type("!")
  await ann.reads("moved! along", "#one")
  await page.evaluate(() => one.undo())
  await ann.reads("moved along", "#one")
})

test("two editors of one document share a session, and a third has its own", async t => {
  let { ann, page, site } = await visit(t, "two.html", { query: "&user-name=Ann" })
  for (let id of ["#one", "#two", "#other"]) await ann.ready(id)
  await ann.type("# In both", "#one")
  await ann.reads("# In both", "#two")
  await ann.type(" of them", "#two")
  await ann.reads("# In both of them", "#one")
  assert.equal(await ann.text("#other"), "")
  let shared = await page.evaluate(() => [one.session === two.session, one.session === other.session])
  assert.deepEqual(shared, [true, false])
  assert.equal(site.asked.filter(path => path.endsWith(".wasm")).length, 1, "the wasm is loaded once")
  await page.locator("codraft-outline [role=treeitem]").filter({ hasText: "In both of them" }).waitFor()
  await page.locator("codraft-presence [data-peer]").first().waitFor()
  await page.locator("codraft-status[state=saved]").filter({ hasText: "Saved" }).first().waitFor()
  await page.locator("#other > .codraft-views .cm-content").waitFor()
  await page.evaluate(() => document.querySelectorAll("#one, #two").forEach(editor => editor.remove()))
  await ann.type("still here", "#other")
})

test("under a strict policy nothing is stopped and everything is there", async t => {
  let site = await openSite(t, PLAIN, { headers: {} })
  let server = await startServer(t, "--allow-origin", site.origin)
  let strict = await openSite(t, PLAIN, { headers: { "Content-Security-Policy": policy(server.origin) } })
  await server.kill()
  server.flags = ["--allow-origin", strict.origin]
  await server.start()
  let ann = await browser.page(t)
  await ann.open(`${strict.origin}/?server=${server.origin}&doc=notes`)
  await ann.ready()
  await ann.type("# Strict\n\n- [ ] a task\n")
  await ann.page.locator("codraft-toolbar [data-id='format.bold']").click()
  await ann.page.keyboard.press("Control+f")
  await ann.page.getByPlaceholder("Find").fill("task")
  await ann.page.keyboard.press("Escape")
  await ann.page.locator("codraft-presence .more").click()
  await ann.page.keyboard.press("Escape")
  await ann.page.evaluate(() => editor.setAttribute("mode", "split"))
  await ann.page.locator("codraft-preview h1").filter({ hasText: "Strict" }).waitFor()
  await ann.page.evaluate(() => editor.flush())
})

test("attributes say how the text is shown, and may change their mind", async t => {
  let { ann, page } = await visit(t, "index.html")
  await ann.ready()
  await ann.type("let a = 1")
  let set = (name, value) => page.evaluate(([name, value]) => editor.setAttribute(name, value), [name, value])
  await set("language", "javascript")
  await page.locator("codraft-editor .cm-gutters").waitFor()
  await set("line-numbers", "off")
  await page.locator("codraft-editor .cm-gutters").waitFor({ state: "detached" })
  await set("readonly", "")
  await ann.until(() => editor.view.state.readOnly)
  await page.evaluate(() => editor.removeAttribute("readonly"))
  await set("keymap", "vim")
  await page.locator("codraft-editor .cm-vimMode").waitFor({ state: "attached" })
  await set("theme", "dark")
  assert.equal(await page.evaluate(() => getComputedStyle(editor).colorScheme), "dark")
  await page.evaluate(() => editor.style.setProperty("--codraft-paper", "rgb(1, 2, 3)"))
  assert.equal(await page.evaluate(() => getComputedStyle(editor).backgroundColor), "rgb(1, 2, 3)")
  await set("doc", "another")
  await ann.reads("")
  // Nobody answers a page that comes when the test is over.
  await ann.ready()
})

test("properties and methods do what they say, and events tell of it", async t => {
  let { ann, page, server } = await visit(t, "index.html")
  await ann.ready()
  let made = await page.evaluate(async () => {
    editor.value = "one three"
    editor.setSelection(4)
    let anchor = editor.createAnchor(4)
    editor.insertText("two ")
    editor.value = "zero one two three"
    let place = editor.resolveAnchor(anchor)
    await editor.flush()
    return { place, words: await editor.export("text"), page: await editor.export("html"), bytes: editor.getSnapshot().length }
  })
  assert.equal(made.place, 13)
  assert.equal(made.words.trim(), "zero one two three")
  assert.match(made.page, /^<!doctype html>[^]*zero one two three/)
  assert.ok(made.bytes > 10)
  let stored = await fetch(`${server.origin}/api/docs/notes/text`)
  assert.equal(await stored.text(), "zero one two three")
  let kinds = await page.evaluate(() => [...new Set(window.told.map(({ kind }) => kind))].sort())
  assert.deepEqual(kinds, ["change", "input", "peers", "ready", "selection", "status"].filter(kind => kinds.includes(kind)))
  for (let kind of ["change", "input", "ready", "selection", "status"]) assert.ok(kinds.includes(kind), kind)
  await page.evaluate(() => editor.disconnect())
  await ann.type(" offline")
  await ann.until(() => editor.status.isSaved === false)
  await page.evaluate(() => editor.connect())
  await page.evaluate(() => editor.flush())
})

test("what an app was given before the element was known is not lost, and its pictures are", async t => {
  let { ann, page, server } = await visit(t, "empty.html")
  await ann.until(() => window.codraft)
  await page.evaluate(server => {
    let session = codraft.createSession({ server, doc: "given", user: { name: "Zoë", color: "teal" } })
    let editor = Object.assign(document.createElement("codraft-editor"), { session, id: "editor", value: "as it was" })
    editor.uploadHandler = async file => `https://example.org/${file.name}`
    document.querySelector("main").append(editor)
  }, server.origin)
  await ann.ready()
  await ann.reads("as it was")
  await page.evaluate(() => {
    let data = new DataTransfer()
    data.items.add(new File(["x"], "a cat.png", { type: "image/png" }))
    editor.setSelection(0)
    editor.focus()
    editor.view.contentDOM.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
  })
  await ann.reads("![a cat](https://example.org/a%20cat.png)as it was")
})

test("what is kept on the device is there without the server, and is sent when it is back", async t => {
  let { ann, page, server } = await visit(t, "index.html", { query: "&offline=", expects: ["codraft: Nothing answers"] })
  await ann.ready()
  await ann.type("kept")
  await page.evaluate(() => editor.flush())
  await server.kill()
  await ann.until(() => /offline|reconnecting/.test(editor.status.state))
  await ann.type(" on this device")
  await ann.until(() => editor.status.text.startsWith("Offline, kept on this device"))
  await page.reload()
  await ann.reads("kept on this device")
  await server.start()
  await page.evaluate(() => editor.connect())
  await page.evaluate(() => editor.flush())
  let stored = await fetch(`${server.origin}/api/docs/notes/text`)
  assert.equal(await stored.text(), "kept on this device")
})
