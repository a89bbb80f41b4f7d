/**
 * Documents of other apps: their text is under another name, or is no plain text, and is shown all the same.
 * Knows what such apps keep, and nothing of how the page finds it.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { App, paragraph } from "./support/app.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

const READING = "Read only: written in another app"

let browser = sharedBrowser()

/** Waits until some part of the page says these words among others. */
function shows(who, part, words) {
  let says = ([part, words]) => document.querySelector(part)?.textContent.includes(words)
  return who.until(says, [part, words])
}

test("the text of an app that keeps it under its own name opens, and is written to there", async t => {
  let server = await startServer(t)
  let app = new App(server, "mirror")
  await app.write(doc => doc.getText("codemirror").insert(0, "# From an app"))
  let anna = await browser.person(t)
  await anna.page.goto(server.page("mirror"))
  await anna.page.waitForURL(/\?field=codemirror$/)
  await anna.arrives()
  await anna.reads("# From an app")
  await anna.enterText()
  await anna.press("Control+End")
  await anna.type(", and back")
  await anna.says("saved")
  assert.equal((await app.read()).getText("codemirror").toString(), "# From an app, and back")
})

test("what ProseMirror keeps is read, as it is by now, and cannot be written to", async t => {
  let server = await startServer(t)
  for (let [name, field] of [
    ["tiptap", "default"],
    ["usual", "content"],
  ]) {
    let app = new App(server, name)
    await app.write(doc => doc.getXmlFragment(field).insert(0, [paragraph("first words")]))
    let anna = await browser.person(t)
    await anna.page.goto(server.page(name))
    await shows(anna, ".reading", "first words")
    await shows(anna, "#status", READING)
    assert.equal(await anna.page.locator(".cm-content").count(), 0)
    await app.write(doc => doc.getXmlFragment(field).insert(1, [paragraph("and more")]))
    await shows(anna, ".reading", "and more")
    assert.equal(await anna.page.title(), "first words · Codraft")
    assert.equal((await app.read()).getXmlFragment(field).length, 2)
  }
})

test("of several texts one can be chosen, and a new document is none of that", async t => {
  let server = await startServer(t)
  await new App(server, "several").write(doc => {
    doc.getText("left").insert(0, "the left one")
    doc.getText("right").insert(0, "the right one")
  })
  let anna = await browser.person(t)
  await anna.page.goto(server.page("several"))
  await anna.page.getByRole("link", { name: "right" }).click()
  await anna.arrives()
  await anna.reads("the right one")
  await anna.open(server, "fresh")
  await anna.type("new")
  await anna.says("saved")
  assert.equal(await anna.page.locator("#notice").textContent(), "")
})

test("what is no text at all is left alone", async t => {
  let server = await startServer(t)
  let app = new App(server, "settings")
  await app.write(doc => doc.getMap("meta").set("theme", "dark"))
  let anna = await browser.person(t)
  await anna.page.goto(`${server.page("settings")}?field=meta`)
  await anna.says("refused")
  await anna.enterText()
  await anna.type("in vain")
  assert.equal(await anna.text(), "")
  assert.deepEqual((await app.read()).getMap("meta").toJSON(), { theme: "dark" })
})
