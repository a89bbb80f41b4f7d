/**
 * People with bad intentions: whatever they call themselves, their colours and their documents, and whatever they write,
 * it is shown as the text it is or not at all.
 * Knows what a page of ours is made of, not how it is made.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { RAW_STATES, STATES, STRINGS } from "./support/corpus.mjs"
import { startServer } from "./support/server.mjs"
import { insertionFrame, presenceFrame, sendAsStock } from "./support/stock.mjs"

const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]

let browser = sharedBrowser()

/** Somebody whom nothing may hit: no script may run and nothing but the server be asked, by any page they open. */
async function target(t, server) {
  let who = await browser.person(t)
  await who.page.exposeFunction("hit", number => who.errors.push(`script ${number} has run`))
  who.page.on("dialog", dialog => who.errors.push(`a dialog: ${dialog.message()}`) && dialog.dismiss())
  who.page.on("request", request => {
    let { origin, pathname } = new URL(request.url())
    if (origin !== server.origin || pathname.startsWith("/hit")) who.errors.push(`asked for ${request.url()}`)
  })
  return who
}

/** What is in the page that no page of ours has, and what sticks out of it. */
function strange() {
  let found = []
  let plain =
    "a aside body br button circle div fieldset form h1 h2 h3 head header hr html img input label legend li line link main meta p path " +
    "rect script section slot span svg time title ul footer nav small strong em code style"
  let look = root => {
    for (let element of root.querySelectorAll("*")) {
      let name = element.localName
      if (!plain.split(" ").includes(name) && !name.startsWith("codraft-")) found.push(`a <${name}>`)
      if (name === "script" && !element.src) found.push("a script in the page")
      // CodeMirror keeps the cursor in place with images of nothing.
      let isImage = name === "img" && element.hasAttribute("src")
      if (isImage && !element.src.startsWith(`${location.origin}/assets/`)) found.push(`an image ${element.src}`)
      for (let { name: attribute, value } of element.attributes) {
        if (attribute.startsWith("on")) found.push(`${attribute} of a <${name}>`)
        if (["href", "src", "action", "srcdoc"].includes(attribute) && /^\s*(javascript|data):/i.test(value)) {
          found.push(`${attribute}=${value}`)
        }
        if (attribute === "style" && /url|expression|import/i.test(value)) found.push(`style=${value}`)
      }
      if (element.shadowRoot) look(element.shadowRoot)
    }
  }
  look(document)
  let sheets = [...document.styleSheets].filter(({ href }) => !href?.startsWith(`${location.origin}/assets/`))
  if (sheets.length) found.push(`${sheets.length} styles of others`)
  if (document.documentElement.scrollWidth > innerWidth) found.push("something that sticks out to the side")
  let bar = document.querySelector(".bar, header")?.getBoundingClientRect()
  if (bar && bar.height > 90) found.push(`a header of ${bar.height} pixels`)
  return found
}

/** The page is what it always is, wide and on a phone, and nothing has happened to its reader. */
async function isUnharmed(who, what) {
  for (let size of SIZES) {
    await who.page.setViewportSize(size)
    await who.page.evaluate(() => window.witness.frame())
    assert.deepEqual(await who.page.evaluate(strange), [], `${what} at ${size.width} pixels`)
  }
  await who.page.setViewportSize(SIZES[0])
  assert.deepEqual(await who.complaints(), [], what)
}

test("a markup that gets into a page is noticed by these tests", async t => {
  let server = await startServer(t)
  let anna = await target(t, server)
  await anna.open(server, "doc")
  // One of them would lead to another page.
  let markup = STRINGS.filter(string => !string.includes("http-equiv")).join("")
  await anna.page.evaluate(html => document.body.insertAdjacentHTML("beforeend", html), markup)
  let found = await anna.page.evaluate(strange)
  for (let what of ["an image", "onload of a <svg>", "a <iframe>", "href=javascript", "sticks out"]) {
    assert.ok(found.some(words => words.includes(what)), `${what} in ${found}`)
  }
  assert.notDeepEqual(await anna.complaints(), [])
  // What it asked for may still be on its way; a page that is closed complains about nothing more.
  await anna.page.close()
  anna.errors.splice(0)
})

test("names, colours and presence that a stock peer sends are text, or nothing", async t => {
  let server = await startServer(t)
  let anna = await target(t, server)
  let eve = await browser.person(t)
  await anna.open(server, "doc")
  await anna.type("Some words.")
  await anna.says("saved")
  let states = [...STATES, ...RAW_STATES]
  await sendAsStock(eve, server, "doc", [presenceFrame(states)])
  await anna.page.locator("#people .more").filter({ hasText: "+" }).waitFor()
  await isUnharmed(anna, "presence")
  await anna.page.locator("#people .more").click()
  let listed = anna.page.locator("#others li")
  await listed.getByText("colour 8", { exact: true }).waitFor()
  let names = await listed.locator(".name").allTextContents()
  assert.ok(names.includes("<script>hit(1)</script>"), "names are shown as they are")
  for (let name of names) assert.ok([...name].length <= 40, `a long name: ${name}`)
  assert.doesNotMatch(names.join(""), /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u)
  await isUnharmed(anna, "the list of people")
  for (let avatar of await anna.page.locator("#people button[title]").all()) await avatar.hover({ force: true })
  await isUnharmed(anna, "avatars under the mouse")
})

test("a document may have any name", async t => {
  let server = await startServer(t)
  let anna = await target(t, server)
  let names = STRINGS.filter(name => !/\p{Cc}/u.test(name)).map(name => [...name].slice(0, 150).join(""))
  for (let name of names) {
    await anna.open(server, name)
    assert.equal(await anna.page.locator("#name").textContent(), name)
    await isUnharmed(anna, `the document ${name}`)
  }
  await anna.page.goto(server.origin)
  await anna.page.locator(".recent-link").nth(names.length - 1).waitFor()
  await isUnharmed(anna, "the list of recent documents")
})

/** Pastes a text with markup beside it, as it comes from other programs: Chromium would clean what a page copies. */
function pasteRaw(text) {
  let clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", text)
  clipboardData.setData("text/html", `<b onclick=hit(50)>${text}</b>`)
  let target = window.witness.view().contentDOM
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
}

test("what others write and what is pasted is text, and so is the title made of it", async t => {
  let server = await startServer(t)
  let anna = await target(t, server)
  let eve = await browser.person(t)
  let links = STRINGS.map(string => `[link](javascript:hit(40)) ![image](/hit) <${string}> [${string}](${string})`)
  let lines = [...STRINGS, ...links]
  await sendAsStock(eve, server, "remote", [insertionFrame(lines.join("\n"))])
  await anna.open(server, "remote")
  await anna.reads(lines.join("\n"))
  await isUnharmed(anna, "remote text")
  await anna.enterText()
  await anna.press("Control+End")
  await isUnharmed(anna, "remote text at its end")
  for (let [n, line] of STRINGS.entries()) {
    await anna.open(server, `pasted ${n}`)
    await anna.enterText()
    await anna.page.evaluate(pasteRaw, line)
    // What was markup there may be nothing here.
    await anna.until(() => window.witness.text() !== "").catch(() => assert.fail(`nothing was pasted of ${line}`))
    await anna.says("saved")
    await isUnharmed(anna, `pasted: ${line}`)
  }
  await anna.page.goto(server.origin)
  await anna.page.locator(".recent-title").filter({ hasText: "<script>hit(1)</script>" }).first().waitFor()
  await isUnharmed(anna, "titles in the list of recent documents")
})

test("somebody may call themselves anything", async t => {
  let server = await startServer(t)
  let [anna, eve] = [await target(t, server), await target(t, server)]
  await Promise.all([anna.open(server, "doc"), eve.open(server, "doc")])
  for (let name of STRINGS) {
    await eve.page.locator("#own-avatar").click()
    await eve.page.getByRole("textbox", { name: "Your name" }).fill(name)
    await eve.press("Enter")
    await isUnharmed(eve, `being called ${name}`)
  }
  await anna.page.locator('#people button[title="constructor"]').waitFor()
  await isUnharmed(anna, "somebody of many names")
})
