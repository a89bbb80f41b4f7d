/**
 * The dialog about sharing, as its owner uses it, with the keyboard alone as well; and what it says to everybody else.
 * Knows what a link opens only as far as that shows that it works.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { makeDocument, ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

async function owner(t, options) {
  let doc = await ownedDocument(t)
  let anna = await browser.person(t, options)
  await anna.follow(doc.owner())
  return { doc, anna, page: anna.page }
}

async function openDialog({ page }) {
  await page.getByRole("button", { name: "Share" }).click()
  await page.getByRole("dialog", { name: /^Share “/ }).waitFor()
  await page.locator(".links li").first().waitFor()
}

function clipboard({ page }) {
  return page.evaluate(() => navigator.clipboard.readText())
}

/** What has the focus, by the name that is read out. */
function focused({ page }) {
  return page.evaluate(() => {
    let { activeElement: at } = document
    return at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent.trim()
  })
}

async function tabTo(who, name) {
  for (let i = 0; i < 40 && !(await focused(who)).startsWith(name); i++) await who.press("Tab")
  assert.match(await focused(who), new RegExp(`^${name}`))
}

/** Waits until the dialog says this, where it is also read out. */
function says({ page }, words) {
  return page.locator("#share-dialog").getByRole("status").filter({ hasText: words }).waitFor()
}

test("with the keyboard alone the owner makes a link to view; whoever has it reads along and is seen", async t => {
  let { doc, anna } = await owner(t)
  await anna.type("Read me")
  await anna.says("saved")
  await anna.press("Escape", "Tab")
  await tabTo(anna, "Share")
  await anna.press("Enter")
  await anna.page.getByRole("dialog", { name: /^Share “/ }).waitFor()
  await tabTo(anna, "Name")
  await anna.type("For Ben")
  await anna.press("Tab")
  assert.match(await focused(anna), /^Whoever has it/)
  await anna.press("Tab")
  assert.match(await focused(anna), /^Expires/)
  await anna.press("ArrowDown", "ArrowDown", "Tab")
  assert.equal(await focused(anna), "Create link")
  await anna.press("Enter")
  await says(anna, "“For Ben” is made, and copied to the clipboard.")
  let row = anna.page.locator(".links li").first()
  await row.getByText("Expires in 7 days · Not used yet").waitFor()
  let link = await clipboard(anna)
  assert.match(link, new RegExp(`^${doc.server.page(doc.name)}#key=cl_[\\w-]{24}$`))
  await anna.press("Escape")
  assert.equal(await anna.page.getByRole("dialog").count(), 0)
  assert.equal(await focused(anna), "Share")

  let ben = await browser.person(t)
  await ben.follow(link, "reading")
  await ben.reads("Read me")
  await ben.rename("Ben Birch")
  await ben.type("nothing")
  await anna.page.getByRole("button", { name: "Show where Ben Birch is writing" }).waitFor()
  assert.equal(await anna.text(), "Read me")
})

test("the focus stays in the dialog while it is open, and every part of it has a name", async t => {
  let { doc, anna, page } = await owner(t)
  await doc.link({ name: "Elsewhere", role: "editor" })
  await openDialog(anna)
  let controls = page.locator("#share-dialog").locator("input, select, button")
  for (let control of await controls.all()) {
    let name = await control.evaluate(at => at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent)
    assert.notEqual(name.trim(), "", await control.evaluate(at => at.outerHTML))
  }
  let names = new Set()
  for (let i = 0; i < 30; i++) {
    await anna.press("Tab")
    let inside = await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("#share-dialog") !== null)
    assert.ok(inside, `the focus went to ${await focused(anna)}`)
    names.add(await focused(anna))
  }
  for (let name of ["Close", "Create link", "What “Elsewhere” allows", "Revoke the link “Elsewhere”"]) {
    assert.ok(names.has(name), `${name} is not among ${[...names]}`)
  }
})

test("links are renamed, changed and copied where they stand, and show who used them last", async t => {
  let { anna, page } = await owner(t)
  await openDialog(anna)
  await page.getByLabel("Name", { exact: true }).fill("Team")
  await page.getByLabel("Whoever has it").selectOption("can edit")
  await page.getByRole("button", { name: "Create link" }).click()
  await says(anna, "“Team” is made")
  let ben = await browser.person(t)
  await ben.follow(await clipboard(anna))
  await ben.rename("Ben Birch")
  await page.getByRole("textbox", { name: "Name of the link “Team”" }).fill("The whole team")
  await anna.press("Enter")
  await says(anna, "The link is called “The whole team” now.")
  await page.getByLabel("What “The whole team” allows").selectOption("can view")
  await says(anna, "Whoever has “The whole team” can view now.")
  await ben.says("reading")
  await page.evaluate(() => navigator.clipboard.writeText("something else"))
  await page.getByRole("button", { name: "Copy the link “The whole team”" }).click()
  await says(anna, "“The whole team” is copied.")
  assert.match(await clipboard(anna), /#key=cl_/)
  await anna.press("Escape")
  await openDialog(anna)
  let row = page.locator(".links li").filter({ has: page.getByRole("textbox", { name: "Name of the link “The whole team”" }) })
  await row.getByText(/Last used (now|\d+ minutes? ago) by /).waitFor()
})

test("a name that is being changed is put back by Escape, and the dialog stays", async t => {
  let { anna, page } = await owner(t)
  await openDialog(anna)
  let name = page.locator(".link-name").first()
  let before = await name.inputValue()
  await name.fill("something else")
  await anna.press("Escape")
  assert.equal(await name.inputValue(), before)
  assert.equal(await page.getByRole("dialog").count(), 1)
  await anna.press("Escape")
  assert.equal(await page.getByRole("dialog").count(), 0)
})

test("revoking asks first, where it stands, and then whoever had the link is out", async t => {
  let { doc, anna, page } = await owner(t)
  let link = await doc.link({ name: "Ben's", role: "editor" })
  let ben = await browser.person(t)
  await ben.follow(link.href())
  await openDialog(anna)
  let revoke = page.getByRole("button", { name: "Revoke the link “Ben's”" })
  await revoke.focus()
  await anna.press("Enter")
  await page.getByRole("group", { name: "Revoke “Ben's”? Whoever came by it loses access at once." }).waitFor()
  assert.equal(await focused(anna), "Keep it")
  await anna.press("Enter")
  assert.equal(await focused(anna), "Revoke the link “Ben's”")
  await anna.press("Enter", "Tab", "Enter")
  await says(anna, "“Ben's” is revoked.")
  await ben.says("refused")
  assert.equal(await page.locator(".links li").count(), 1)
  assert.equal(await focused(anna), "Name of the link “Owner”")
})

test("the last link of an owner cannot be revoked, and the dialog says why", async t => {
  let { anna, page } = await owner(t)
  await openDialog(anna)
  await page.getByRole("button", { name: /^Revoke the link/ }).click()
  await page.getByRole("button", { name: "Revoke link" }).click()
  await page.getByRole("alert").filter({ hasText: "This is the last link of an owner." }).waitFor()
  assert.match(await focused(anna), /^Revoke the link/)
})

test("a link can be copied again only where it was made, and other browsers say so", async t => {
  let { doc, anna, page } = await owner(t)
  await openDialog(anna)
  await page.getByLabel("Name", { exact: true }).fill("Made by Anna")
  await page.getByRole("button", { name: "Create link" }).click()
  await says(anna, "“Made by Anna” is made")
  let second = await doc.link({ name: "Second owner", role: "owner" })
  let ben = await browser.person(t)
  await ben.follow(second.href())
  await openDialog(ben)
  let row = ben.page.locator(".links li").filter({ has: ben.page.getByRole("textbox", { name: "Name of the link “Made by Anna”" }) })
  await row.getByText("Made in another browser: can be copied only there").waitFor()
  assert.equal(await row.getByRole("button", { name: /^Copy/ }).count(), 0)
  await page.reload()
  await anna.says("saved")
  await openDialog(anna)
  assert.equal(await page.getByRole("button", { name: "Copy the link “Made by Anna”" }).count(), 1)
})

test("who may edit or view is told what they may do, and that the address alone opens nothing", async t => {
  let doc = await ownedDocument(t)
  for (let [role, state, words] of [
    ["viewer", "reading", "You can read this document."],
    ["editor", "saved", "You can read and change this document."],
  ]) {
    let link = await doc.link({ role })
    let ben = await browser.person(t)
    await ben.follow(link.href(), state)
    await ben.page.getByRole("button", { name: "Share" }).click()
    let dialog = ben.page.getByRole("dialog", { name: /^Share “/ })
    await dialog.getByText(words).waitFor()
    await dialog.getByText("It gives access to nobody.").waitFor()
    await dialog.getByRole("button", { name: "Copy link" }).click()
    await says(ben, "Copied")
    assert.equal(await clipboard(ben), doc.server.page(doc.name))
    assert.equal(await ben.page.locator(".links, .make").count(), 0)
  }
})

test("where access is open a click copies the address, and a sentence says who can write", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "open to all")
  await anna.page.getByRole("button", { name: "Copy link" }).click()
  await anna.page.getByText("Everyone who can reach this server can open this document and write in it.").waitFor()
  assert.equal(await clipboard(anna), server.page("open to all"))
  assert.equal(await anna.page.locator("#share-text").innerText(), "Copied")
  // It is a note and not in the way: whoever goes on writing is rid of it.
  await anna.enterText()
  await anna.type("on with it")
  await anna.reads("on with it")
  assert.equal(await anna.page.getByRole("dialog").count(), 0)
  await anna.page.getByRole("button", { name: "Copy link" }).waitFor()
  await anna.press("Escape", "Tab")
  await tabTo(anna, "Copy link")
  await anna.press("Enter")
  await anna.page.getByRole("dialog", { name: /^Share “/ }).waitFor()
  await anna.press("Escape")
  assert.equal(await anna.page.getByRole("dialog").count(), 0)
  assert.equal(await anna.page.evaluate(() => document.activeElement.id), "share")
})

test("a new document of the start page has its maker for an owner, and no key in any address", async t => {
  let server = await startServer(t, "--access", "links")
  let anna = await browser.person(t)
  let seen = []
  anna.page.on("framenavigated", frame => seen.push(frame.url()))
  await anna.page.goto(server.origin)
  await anna.page.getByRole("button", { name: "New document" }).click()
  await anna.arrives()
  await anna.type("mine")
  await anna.says("saved")
  await openDialog(anna)
  assert.equal(await anna.page.locator(".links li").count(), 1)
  await anna.page.getByText("You use this link").waitFor()
  await anna.page.getByRole("button", { name: "Copy the link “Owner”" }).waitFor()
  assert.deepEqual(seen.filter(url => url.includes("key=")), [])
  await anna.press("Escape")
  await anna.page.goto(server.origin)
  await anna.page.locator(".recent-title").filter({ hasText: "mine" }).click()
  await anna.arrives()
  await anna.reads("mine")
})

test("a link that is typed on the start page opens its document, key and all", async t => {
  let doc = await ownedDocument(t)
  let anna = await browser.person(t)
  await anna.page.goto(doc.server.origin)
  await anna.page.getByLabel("Open by name or link").fill(doc.owner())
  await anna.press("Enter")
  await anna.arrives()
  assert.equal(anna.page.url(), doc.server.page(doc.name))
})

test("a document of one key is not opened by that of another", async t => {
  let { doc, anna } = await owner(t)
  let other = await makeDocument(doc.server)
  await anna.follow(other.at(doc.secret), "refused")
  await anna.page.getByRole("heading", { name: "You need a link" }).waitFor()
})

test("on a phone of 360 pixels the dialog fits, and nothing in it is cut off", async t => {
  let { doc, anna, page } = await owner(t, { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true })
  await doc.link({ name: "A name that is rather longer than a phone is wide, and goes on", role: "viewer", validForSeconds: 86_400 })
  await openDialog(anna)
  let wide = await page.evaluate(() => {
    let dialog = document.getElementById("share-dialog")
    let { left, right } = dialog.getBoundingClientRect()
    let inner = [...dialog.querySelectorAll("input, select, button, p")].filter(at => at.getBoundingClientRect().right > right + 0.5)
    return { left, right, inner: inner.map(at => at.outerHTML), scroll: dialog.scrollWidth - dialog.clientWidth }
  })
  assert.ok(wide.left >= 0 && wide.right <= 360, JSON.stringify(wide))
  assert.deepEqual([wide.inner, wide.scroll], [[], 0])
})
