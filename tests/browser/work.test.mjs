/**
 * The workplace around the text: menu, settings, palette, shortcuts and keymaps, by keyboard and for several tabs.
 * Knows the pages' own words, and nothing of what an action does to the network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** Somebody alone with a document. */
async function alone(t, options) {
  let server = await startServer(t)
  let anna = await browser.person(t, options)
  await anna.open(server, "desk")
  return { server, anna, page: anna.page }
}

/** What has the focus, through every shadow. */
function focused(page) {
  return page.evaluate(() => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    return at?.getAttribute("aria-label") ?? at?.querySelector(".title")?.textContent ?? at?.textContent
  })
}

test("the menu is opened, walked and used with keys alone, and gives the focus back", async t => {
  let { anna, page } = await alone(t)
  let button = page.getByRole("button", { name: "Menu" })
  await button.focus()
  assert.equal(await button.getAttribute("aria-expanded"), "false")
  await anna.press("ArrowDown")
  let menu = page.getByRole("menu")
  await menu.waitFor()
  assert.equal(await button.getAttribute("aria-expanded"), "true")
  let first = await focused(page)
  await anna.press("ArrowUp")
  let last = await focused(page)
  assert.notEqual(first, last)
  await anna.press("ArrowDown")
  assert.equal(await focused(page), first)
  await anna.press("End")
  assert.equal(await focused(page), last)
  await anna.press("w")
  assert.equal(await focused(page), "Wrap long lines")
  let item = page.getByRole("menuitemcheckbox", { name: "Wrap long lines" })
  assert.equal(await item.getAttribute("aria-checked"), "true")
  await anna.press("Enter")
  await menu.waitFor({ state: "hidden" })
  assert.equal(await focused(page), "Menu")
  await anna.until(() => window.witness.view().lineWrapping === false)
  await anna.press("Enter", "Escape")
  await menu.waitFor({ state: "hidden" })
  assert.equal(await focused(page), "Menu")
})

test("a menu that is opened with the mouse leaves one in the text", async t => {
  let { anna, page } = await alone(t)
  await anna.type("before ")
  await page.getByRole("button", { name: "Menu" }).click()
  await page.getByRole("menu").waitFor()
  await page.getByRole("button", { name: "Menu" }).click()
  await page.getByRole("menu").waitFor({ state: "hidden" })
  await anna.type("after")
  await anna.reads("before after")
  await anna.choose("Undo")
  await anna.choose("Redo")
  await anna.type("!")
  await anna.reads("before after!")
})

test("settings are heard at once in another tab, and are still there after a reload", async t => {
  let { server, anna, page } = await alone(t)
  let other = await anna.context.newPage()
  await other.goto(server.page("another document"))
  let wraps = () => window.witness.view()?.lineWrapping
  await other.waitForFunction(wraps)
  await anna.choose("Wrap long lines")
  await anna.choose("Larger text")
  await other.waitForFunction(() => window.witness.view().lineWrapping === false)
  let size = page => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--text-size"))
  assert.equal(await size(other), await size(page))
  await page.reload()
  await anna.arrives()
  await page.waitForFunction(() => window.witness.view()?.lineWrapping === false)
  assert.equal(await size(other), await size(page))
  await anna.choose("Wrap long lines")
  await other.waitForFunction(wraps)
})
