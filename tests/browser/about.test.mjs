/**
 * What a document is called: renamed where it stands, seen by everybody at once, kept through everything.
 * Knows the header; what a text is written in has a file of its own.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** Waits until the header and the tab say this. */
async function isCalled(person, title) {
  await person.until(title => document.getElementById("name").textContent === title, title)
  await person.until(title => document.title === `${title} · Codraft`, title)
}

/** Renames the document as a person would: a click on its title, the new words, Enter. */
async function retitle(person, title) {
  await person.page.locator("#name button").click()
  await person.page.getByLabel("Title of the document").fill(title)
  await person.press("Enter")
}

test("a click on the title renames the document, and everybody sees it", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  await isCalled(anna, "meeting")
  await anna.type("# First line\n")
  await isCalled(ben, "First line")
  await retitle(anna, "Minutes of Monday")
  await isCalled(anna, "Minutes of Monday")
  await isCalled(ben, "Minutes of Monday")
  await anna.says("saved")
  // The keyboard is back in the text.
  await anna.type("typed at once")
  await ben.reads("# First line\ntyped at once")
  await retitle(ben, "")
  await isCalled(anna, "First line")
  await retitle(ben, "Ben’s title")
  await isCalled(anna, "Ben’s title")
  await anna.says("saved")
  await anna.page.goto(server.origin)
  assert.equal(await anna.page.locator("#recent .recent-title").innerText(), "Ben’s title")
  assert.equal(await anna.page.locator("#recent .recent-name").innerText(), "meeting")
})

test("Escape leaves the title as it was, and looking at it says nothing", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("A first line\n")
  await isCalled(anna, "A first line")
  await anna.page.locator("#name button").click()
  await anna.page.getByLabel("Title of the document").fill("not this")
  await anna.press("Escape")
  await anna.page.locator("#name button").click()
  await anna.press("Enter")
  await anna.press("Control+Home")
  await anna.type("Changed: ")
  await isCalled(anna, "Changed: A first line")
  await isCalled(ben, "Changed: A first line")
})

test("the menu renames, and a document called by its first line can be called otherwise before it is known", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.choose("Rename…")
  await anna.page.getByLabel("Title of the document").fill("By the menu")
  await anna.page.locator(".cm-content").click()
  await isCalled(ben, "By the menu")
})

test("undo takes back what was typed, not what the document is called", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("words")
  await retitle(anna, "Kept")
  await isCalled(ben, "Kept")
  await anna.press("Control+z")
  await ben.reads("")
  await isCalled(ben, "Kept")
})

test("two who rename while they are apart come to one title, and the text of both is there", async t => {
  let { anna, ben } = await browser.meeting(t)
  await ben.context.setOffline(true)
  await retitle(ben, "Ben was offline")
  await isCalled(ben, "Ben was offline")
  await ben.type("ben's words")
  await retitle(anna, "Anna was here")
  await anna.type("anna's words ")
  await anna.says("saved")
  await ben.context.setOffline(false)
  await ben.says("saved")
  await anna.until(() => window.witness.text().length === 24)
  let title = await anna.page.locator("#name").textContent()
  assert.ok(["Ben was offline", "Anna was here"].includes(title), title)
  await isCalled(ben, title)
  assert.equal(await anna.text(), await ben.text())
})

test("a title that is saved survives kill -9, and a list of the server has it", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "kept")
  await anna.type("# Only the first line\n")
  await retitle(anna, "Zoë’s plan 🌱")
  await anna.says("saved")
  await server.kill()
  await server.start()
  await anna.says("saved")
  let ben = await browser.person(t)
  await ben.open(server, "kept")
  await isCalled(ben, "Zoë’s plan 🌱")
  let about = await fetch(`${server.origin}/api/docs/kept/about`)
  assert.deepEqual(await about.json(), { title: "Zoë’s plan 🌱", language: "" })
})

test("a program's title is seen at once", async t => {
  let { server, anna } = await browser.meeting(t)
  await anna.type("# The first line")
  await anna.says("saved")
  let headers = { "Content-Type": "application/json" }
  let body = JSON.stringify({ title: "By a program" })
  let answer = await fetch(`${server.origin}/api/docs/meeting/about`, { method: "PATCH", headers, body })
  assert.equal(answer.status, 200)
  await isCalled(anna, "By a program")
})

test("who may only read sees the title and cannot change it", async t => {
  let doc = await ownedDocument(t)
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  let link = await doc.link({ role: "viewer" })
  await ben.follow(link.href(), "reading")
  await retitle(anna, "For readers")
  await isCalled(ben, "For readers")
  assert.equal(await ben.page.locator("#name button").count(), 0)
  await ben.page.locator("#name").click()
  assert.equal(await ben.page.getByLabel("Title of the document").count(), 0)
  await doc.change(link, { role: "editor" })
  await ben.says("saved")
  await retitle(ben, "By a reader who may write now")
  await isCalled(anna, "By a reader who may write now")
})

test("a title is words, whatever is in it, and a long one is cut", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  await retitle(anna, "<img src=x onerror=alert(1)>\u202e")
  await isCalled(ben, "<img src=x onerror=alert(1)>")
  let headers = { "Content-Type": "application/json" }
  let body = JSON.stringify({ title: "é".repeat(5_000) })
  await fetch(`${server.origin}/api/docs/meeting/about`, { method: "PATCH", headers, body })
  await isCalled(ben, "é".repeat(200))
  await ben.page.setViewportSize({ width: 390, height: 844 })
  let [width, room] = await ben.page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth])
  assert.ok(width <= room, `${width} > ${room}`)
})
