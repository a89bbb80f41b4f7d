/**
 * What a text is written in: chosen for everybody, highlighted by grammars that come when they are wanted, edited as code.
 * Knows no grammar.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** Waits until the text is shown in this language. */
function isIn(person, id) {
  return person.until(
    id => document.querySelector("#editor")?.shadowRoot?.querySelector(".cm-content").dataset.language === id,
    id,
  )
}

/** Chooses a language by the menu and the first letters of it. */
async function choose(person, typed) {
  await person.choose("Language of the text…")
  let search = person.page.getByRole("combobox", { name: "Language of the text" })
  await search.fill(typed)
  await person.press("Enter")
}

/** Waits until words are on the screen in a colour of their own. */
function isColoured(person, words) {
  return person.until(words => {
    let root = document.getElementById("editor").shadowRoot
    let ink = getComputedStyle(root.querySelector(".cm-content")).color
    let spans = [...root.querySelectorAll(".cm-line span")]
    return spans.some(span => span.textContent === words && getComputedStyle(span).color !== ink)
  }, words)
}

/** The scripts that a page has asked for. */
function scripts(person) {
  let asked = []
  person.page.on("request", request => request.resourceType() === "script" && asked.push(new URL(request.url()).pathname))
  return asked
}

test("a language that one chooses is everybody's, at once and after a reload", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  await isIn(anna, "markdown")
  await anna.type("import os\n")
  await ben.reads("import os\n")
  await choose(anna, "pyth")
  await Promise.all([isIn(anna, "python"), isIn(ben, "python")])
  await Promise.all([isColoured(anna, "import"), isColoured(ben, "import")])
  await anna.says("saved")
  let about = await fetch(`${server.origin}/api/docs/meeting/about`)
  assert.deepEqual(await about.json(), { title: "", language: "python" })
  await ben.page.reload()
  await isIn(ben, "python")
  await choose(ben, "markdown")
  await Promise.all([isIn(anna, "markdown"), isIn(ben, "markdown")])
  await anna.enterText()
  await anna.press("Control+End")
  await anna.type("\n# back")
  await anna.until(() => {
    let root = document.getElementById("editor").shadowRoot
    let isHeading = span => span.textContent.includes("back") && getComputedStyle(span).fontWeight === "700"
    return [...root.querySelectorAll(".cm-line span")].some(isHeading)
  })
})

test("a grammar is fetched when it is wanted, and once", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  let asked = scripts(ben)
  await ben.page.reload()
  await ben.says("saved")
  let first = asked.length
  assert.ok(!asked.some(path => path.includes("languages")), `a page of prose asked for ${asked}`)
  await choose(anna, "rust")
  await isIn(ben, "rust")
  let fetched = asked.slice(first)
  assert.ok(fetched.length > 0, "a grammar that was fetched before anybody wanted it")
  await choose(anna, "plain")
  await isIn(ben, "plain")
  let before = asked.length
  await choose(anna, "rust")
  await isIn(ben, "rust")
  assert.equal(asked.length, before, `fetched twice: ${asked.slice(before)}`)
  assert.equal(new Set(fetched).size, fetched.length)
  let carl = await browser.person(t)
  await carl.open(server, "meeting")
  await isIn(carl, "rust")
})

test("code between fences is coloured in its language, others' too", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.paste("# Notes\n\n```js\nconst answer = 42\n```\n\n```nonsense\nconst plain = 1\n```\n")
  await Promise.all([isColoured(anna, "const"), isColoured(ben, "42")])
  let families = await ben.page.evaluate(() => {
    let root = document.getElementById("editor").shadowRoot
    let line = [...root.querySelectorAll(".cm-line")].find(line => line.textContent.startsWith("const answer"))
    return [...line.querySelectorAll("span")].map(span => getComputedStyle(span).fontFamily)
  })
  assert.ok(families.length > 0 && families.every(family => /mono/i.test(family)), families.join("; "))
})

test("a document whose name is a file's is in that file's language until somebody chooses", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "scripts/notes.py")
  await isIn(anna, "python")
  // The first line of a program is no title; of a letter it is.
  await anna.type("import os\n")
  let isCalled = title => anna.until(title => document.title === `${title} · Codraft`, title)
  await isCalled("scripts/notes.py")
  await choose(anna, "plain")
  await isIn(anna, "plain")
  await isCalled("import os")
  await anna.says("saved")
  await anna.page.reload()
  await isIn(anna, "plain")
  await anna.open(server, "letter.txt")
  await isIn(anna, "plain")
})

test("in code, brackets close, lines indent themselves, Tab indents and comments are toggled", async t => {
  let { anna, ben } = await browser.meeting(t, "main.py")
  await isIn(anna, "python")
  await anna.type("def f(x):\nreturn [x")
  await anna.reads("def f(x):\n    return [x]")
  await anna.press("Control+Home", "Control+/")
  await ben.reads("# def f(x):\n    return [x]")
  await anna.press("Control+/")
  await ben.reads("def f(x):\n    return [x]")
  await anna.press("Control+End", "Enter", "Tab")
  await anna.type("y")
  await ben.reads("def f(x):\n    return [x]\n        y")
  await anna.press("Control+a", "Shift+Tab")
  await ben.reads("def f(x):\nreturn [x]\n    y")
  await anna.press("Control+z")
  await ben.reads("def f(x):\n    return [x]\n        y")
})

test("code has line numbers, letters of one width and no spelling; prose has neither", async t => {
  let { anna } = await browser.meeting(t)
  let look = () =>
    anna.page.evaluate(() => {
      let content = document.getElementById("editor").shadowRoot.querySelector(".cm-content")
      let numbers = document.getElementById("editor").shadowRoot.querySelector(".cm-lineNumbers")
      let { spellcheck, autocapitalize } = content
      return { numbers: numbers !== null, mono: /mono/i.test(getComputedStyle(content).fontFamily), spellcheck, autocapitalize }
    })
  assert.deepEqual(await look(), { numbers: false, mono: false, spellcheck: true, autocapitalize: "sentences" })
  await choose(anna, "c++")
  await isIn(anna, "cpp")
  assert.deepEqual(await look(), { numbers: true, mono: true, spellcheck: false, autocapitalize: "none" })
  await choose(anna, "plain text")
  await isIn(anna, "plain")
  assert.deepEqual(await look(), { numbers: false, mono: false, spellcheck: true, autocapitalize: "sentences" })
})

test("the list is searched by name, alias and extension, by keyboard, and Escape changes nothing", async t => {
  let { anna } = await browser.meeting(t)
  await anna.choose("Language of the text…")
  let search = anna.page.getByRole("combobox", { name: "Language of the text" })
  let options = anna.page.getByRole("option")
  await options.nth(27).waitFor()
  for (let [typed, first] of [
    [".ts", "TypeScript"],
    ["bash", "Shell"],
    ["c#", "C#"],
  ]) {
    await search.fill(typed)
    await options.first().locator(".name").getByText(first, { exact: true }).waitFor()
  }
  await search.fill("no such language")
  await anna.page.getByText("No language is called that.").waitFor()
  await anna.press("Escape")
  await search.waitFor({ state: "detached" })
  await anna.type("still markdown")
  await anna.reads("still markdown")
  await isIn(anna, "markdown")
})

test("who may only read sees the language and is not offered another", async t => {
  let doc = await ownedDocument(t)
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  let link = await doc.link({ role: "viewer" })
  await ben.follow(link.href(), "reading")
  await choose(anna, "json")
  await isIn(ben, "json")
  await ben.page.getByRole("button", { name: "Menu" }).click()
  await ben.page.getByRole("menu").waitFor()
  assert.equal(await ben.page.getByRole("menuitem", { name: "Language of the text…" }).count(), 0)
})

test("a language of another release or app is shown as plain words", async t => {
  let { server, anna } = await browser.meeting(t)
  await anna.type("# nuq")
  await anna.says("saved")
  let headers = { "Content-Type": "application/json" }
  let body = JSON.stringify({ language: "klingon" })
  await fetch(`${server.origin}/api/docs/meeting/about`, { method: "PATCH", headers, body })
  await isIn(anna, "plain")
  await anna.type("neH")
  await anna.reads("# nuqneH")
})
