/**
 * The start page, and both pages on a phone and with the keyboard alone.
 * Knows one person at a time.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** The question of somebody who has nothing yet: sync, step 1, a state vector of one byte, which is empty. */
const ASKS_FOR_ALL = Buffer.of(0, 0, 1, 0)

async function atTheDoor(t, options) {
  let server = await startServer(t)
  let anna = await browser.person(t, options)
  await anna.page.goto(server.origin)
  return { server, anna, page: anna.page }
}

test("a new document opens in the editor, ready to type, under a name nobody can guess", async t => {
  let { anna, page } = await atTheDoor(t)
  let create = page.getByRole("link", { name: "New document" })
  let offered = await create.getAttribute("href")
  assert.match(offered, /^\/d\/[a-z]+-[a-z]+-[0-9a-z]{5}-[0-9a-z]{5}$/)
  await create.click()
  await anna.arrives()
  assert.equal(new URL(page.url()).pathname, offered)
  await anna.type("typed at once")
  await anna.reads("typed at once")
  await page.goBack()
  await page.waitForFunction(offered => document.getElementById("create").getAttribute("href") !== offered, offered)
})

test("the document is sent for while the engine is on its way", async t => {
  let server = await startServer(t)
  let ben = await browser.person(t)
  await ben.open(server, "early")
  await ben.type("written before")
  await ben.says("saved")
  let anna = await browser.person(t)
  let { page } = anna
  let fetchEngine
  let held = new Promise(resolve => {
    fetchEngine = resolve
  })
  await page.route("**/*.wasm", async route => {
    await held
    await route.continue()
  })
  let dialled = page.waitForEvent("websocket")
  let opened = page.goto(server.page("early"))
  let socket = await dialled
  let others = []
  page.on("websocket", other => others.push(other.url()))
  let questions = 0
  socket.on("framesent", ({ payload }) => (questions += payload.includes(ASKS_FOR_ALL) ? 1 : 0))
  // The document itself has come before there is anybody to read it.
  await socket.waitForEvent("framereceived", ({ payload }) => payload.includes("written before"))
  fetchEngine()
  await opened
  await anna.arrives()
  await anna.reads("written before")
  await anna.type("typed at once, ")
  await anna.says("saved")
  assert.deepEqual(others, [])
  assert.equal(questions, 1)
})

test("opened documents are listed by their first line, the latest first, and can be removed", async t => {
  let { server, anna, page } = await atTheDoor(t)
  assert.equal(await page.locator("#recent-empty").isVisible(), true)
  for (let name of ["one", "two"]) {
    await anna.open(server, name)
    await anna.type(`# Title of ${name}`)
    await anna.says("saved")
  }
  await page.goto(server.origin)
  let titles = page.locator("#recent .recent-title")
  assert.deepEqual(await titles.allInnerTexts(), ["Title of two", "Title of one"])
  await page.getByRole("button", { name: "Forget Title of two on this device" }).click()
  await anna.until(() => document.querySelectorAll("#recent .recent-title").length === 1)
  assert.deepEqual(await titles.allInnerTexts(), ["Title of one"])
  await page.reload()
  assert.deepEqual(await titles.allInnerTexts(), ["Title of one"])
  await titles.first().click()
  await anna.arrives()
  await anna.reads("# Title of one")
})

test("recent documents stand under their days, are found by typing, and reached and forgotten by keys", async t => {
  let { anna, page } = await atTheDoor(t)
  assert.equal(await page.getByRole("searchbox").isVisible(), false)
  await page.evaluate(() => {
    let day = 86_400_000
    let list = [
      { name: "quiet-otter", title: "Gärten im Frühling", at: Date.now() },
      { name: "notes/2026", title: "Minutes of Monday", at: Date.now() - day },
      { name: "notes/2025", title: "", at: Date.now() - 90 * day },
    ]
    localStorage.setItem("codraft.recents", JSON.stringify(list))
  })
  await page.reload()
  let titles = page.locator("#recent .recent-title")
  let shown = () => titles.allInnerTexts()
  assert.deepEqual(await page.locator("#recent h3").allInnerTexts(), ["Today", "Yesterday", "Earlier"])
  assert.deepEqual(await shown(), ["Gärten im Frühling", "Minutes of Monday", "notes/2025"])
  let search = page.getByRole("searchbox", { name: "Search recent documents" })
  await search.fill("NOTES")
  assert.deepEqual(await shown(), ["Minutes of Monday", "notes/2025"])
  await search.fill("fruhling garten")
  assert.deepEqual(await shown(), ["Gärten im Frühling"])
  assert.equal(await page.locator("#recent-found").innerText(), "1 document")
  await search.fill("<b>nothing")
  await page.getByText("Nothing you opened here is called “<b>nothing”.").waitFor()
  await anna.press("Escape")
  assert.equal((await shown()).length, 3)
  let focused = () => page.evaluate(() => document.activeElement.querySelector(".recent-title")?.textContent)
  await anna.press("ArrowDown", "ArrowDown")
  assert.equal(await focused(), "Minutes of Monday")
  await anna.press("End")
  assert.equal(await focused(), "notes/2025")
  await anna.press("Delete")
  await anna.until(() => document.querySelectorAll("#recent .recent-title").length === 2)
  assert.equal(await focused(), "Minutes of Monday")
  await anna.press("ArrowUp", "ArrowUp")
  assert.equal(await page.evaluate(() => document.activeElement.id), "recent-search")
  await search.fill("monday")
  await anna.press("Enter")
  await anna.arrives()
  assert.equal(new URL(page.url()).pathname, "/d/notes%2F2026")
})

test("a name or a link that is typed opens its document, and a bad one is answered with a sentence", async t => {
  let { server, anna, page } = await atTheDoor(t)
  let input = page.getByLabel("Open by name or link")
  await input.fill("  ")
  await anna.press("Enter")
  assert.equal(await page.getByRole("alert").innerText(), "Type the name of a document.")
  await input.fill("notes/../secret")
  await anna.press("Enter")
  assert.match(await page.getByRole("alert").innerText(), /^A name cannot have a part/)
  await input.fill("notes/2026 ☂")
  await anna.press("Enter")
  await anna.arrives()
  assert.equal(page.url(), server.page("notes/2026 ☂"))
  await anna.type("found again")
  await anna.says("saved")
  await page.goto(server.origin)
  await input.fill(server.page("notes/2026 ☂"))
  await anna.press("Enter")
  await anna.arrives()
  await anna.reads("found again")
})

test("the keyboard alone leads from the start page into the text, to every button and back", async t => {
  let { anna, page } = await atTheDoor(t)
  let focused = () => page.evaluate(() => window.witness.focused().id)
  await tabTo("create")
  await anna.press("Enter")
  await anna.arrives()
  await anna.type("by keyboard")
  await anna.reads("by keyboard")
  let seen = []
  for (let i = 0; i < 25; i++) {
    await tab()
    seen.push(await focused(), await page.evaluate(() => document.activeElement.id))
  }
  for (let id of ["own-avatar", "share", "menu-button"]) assert.ok(seen.includes(id), `${id} is not among ${seen}`)
  await tabTo("own-avatar")
  await anna.press("Enter")
  await tabTo("own-name")
  await anna.press("Control+a")
  await anna.type("Keyboarder")
  await anna.press("Enter")
  await page.waitForFunction(() => window.witness.faces()[0]?.title === "Keyboarder (you)")

  /** In the text Tab writes, unless Escape comes right before it. */
  async function tab() {
    if ((await page.evaluate(() => document.activeElement.id)) === "editor") await anna.press("Escape")
    await anna.press("Tab")
  }

  async function tabTo(id) {
    for (let i = 0; i < 40 && (await focused()) !== id; i++) await tab()
    assert.equal(await focused(), id)
  }
})

test("the link of the document is on the clipboard after a click", async t => {
  let { server, anna, page } = await atTheDoor(t)
  await anna.open(server, "to be shared")
  await page.getByRole("button", { name: "Copy link" }).click()
  await page.getByRole("button", { name: "Copied" }).waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), server.page("to be shared"))
})

test("the chosen theme stays, on both pages, and colours the paper", async t => {
  let { server, anna, page } = await atTheDoor(t, { colorScheme: "light" })
  let paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  let light = await paper()
  await page.locator("#theme").click()
  await page.locator("#theme").click()
  assert.notEqual(await paper(), light)
  let dark = await paper()
  await anna.open(server, "dark")
  assert.equal(await paper(), dark)
  await anna.choose(/Theme:/)
  assert.equal(await paper(), light)
})

test("on a phone nothing is wider than the screen", async t => {
  let { server, anna, page } = await atTheDoor(t, { viewport: { width: 390, height: 844 }, hasTouch: true })
  let fits = async () => {
    let [width, room] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth])
    assert.ok(width <= room, `${width} > ${room}`)
    assert.ok(room <= 390, `the page was laid out ${room} wide`)
  }
  await fits()
  let longest = "a-name-without-any-place-to-break-".repeat(8)
  await anna.open(server, longest)
  await fits()
  await anna.type(`https://example.org/${"long".repeat(60)}\n${"word ".repeat(60)}\n`)
  await anna.press("Control+f")
  await page.getByPlaceholder("Find").fill("word")
  await fits()
  await anna.press("Escape")
  await page.locator("#own-avatar").click()
  await fits()
  await anna.press("Escape")
  await anna.says("saved")
  await page.goto(server.origin)
  await page.locator(".recent-link").waitFor()
  await fits()
})
