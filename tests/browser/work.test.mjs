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

test("the palette finds an action by a few letters, does it, and has it first the next time", async t => {
  let { anna, page } = await alone(t)
  await anna.type("long read")
  await anna.press("F1")
  let field = page.getByRole("combobox", { name: "Commands" })
  await field.waitFor()
  await anna.type("drk")
  let chosen = page.getByRole("option", { selected: true })
  await chosen.filter({ hasText: "Dark theme" }).waitFor()
  assert.equal(await field.getAttribute("aria-activedescendant"), await chosen.getAttribute("id"))
  await anna.press("Enter")
  await anna.until(() => document.documentElement.dataset.theme === "dark")
  assert.equal(await page.locator("codraft-palette").count(), 0)
  await anna.type("!")
  await anna.reads("long read!")
  await anna.press("Control+Shift+P")
  await chosen.filter({ hasText: "Dark theme" }).waitFor()
  assert.ok(await chosen.getByRole("img", { name: "on" }).isVisible())
  await anna.press("ArrowDown", "ArrowUp", "ArrowUp")
  assert.equal(await page.getByRole("option").last().getAttribute("aria-selected"), "true")
  await anna.press("Escape")
  await anna.type("?")
  await anna.reads("long read!?")
})

test("the palette goes to a line and to a heading, which somebody else may have written just now", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.paste(Array.from({ length: 300 }, (_, i) => `line ${i + 1}`).join("\n"))
  await ben.until(() => window.witness.text()?.endsWith("line 300"))
  await anna.press("Control+Alt+g")
  await anna.type("120:6")
  await anna.page.getByRole("option", { name: "Go to line 120" }).waitFor()
  await anna.press("Enter")
  await anna.type("No ")
  await anna.until(() => window.witness.text().includes("line No 120"))
  await anna.until(words => window.witness.showsLine(words), "line No 120")
  await ben.press("Control+End")
  await ben.type("\n\n## What Ben adds")
  await anna.until(() => window.witness.text().endsWith("What Ben adds"))
  await anna.press("F1")
  await anna.type("@bnad")
  await anna.page.getByRole("option", { name: "What Ben adds" }).click()
  await anna.until(words => window.witness.showsLine(words), "## What Ben adds")
  await anna.press("Home")
  await anna.type("#")
  await ben.until(() => window.witness.text().endsWith("### What Ben adds"))
})

test("the sheet says which keys do what, and can be searched", async t => {
  let { anna, page } = await alone(t)
  await page.getByRole("button", { name: "Menu" }).focus()
  await anna.press("?")
  let sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" })
  await sheet.waitFor()
  await sheet.getByText("One more cursor there").waitFor()
  await anna.type("undo")
  await sheet.getByText("One more cursor there").waitFor({ state: "detached" })
  let line = sheet.locator("dl div")
  assert.deepEqual(await line.locator("kbd").allTextContents(), ["Ctrl", "Z"])
  await anna.press("Escape")
  await sheet.waitFor({ state: "detached" })
  // In the text it is a question mark.
  await anna.enterText()
  await anna.type("?")
  await anna.reads("?")
  await anna.press("Control+Shift+?")
  await sheet.waitFor()
})

test("what is chosen in the dialog changes the text at once, in other tabs too, and can be taken back", async t => {
  let { server, anna, page } = await alone(t)
  let other = await anna.context.newPage()
  await other.goto(server.page("desk"))
  await other.waitForFunction(() => window.witness.state() === "saved")
  await page.bringToFront()
  await anna.type("some words and\ta tab")
  await anna.press("Control+,")
  let dialog = page.getByRole("dialog", { name: "Settings" })
  await dialog.getByLabel("Line numbers").selectOption("Always")
  await dialog.getByLabel("Serif").check({ force: true })
  await dialog.getByRole("switch", { name: "Show spaces and tabs" }).check()
  await dialog.getByRole("button", { name: "Text size: 110 %" }).click()
  await dialog.getByRole("button", { name: "Text size: 125 %" }).focus()
  await anna.press("Enter")
  let look = () => {
    let root = document.getElementById("editor").shadowRoot
    let { fontFamily, fontSize } = getComputedStyle(root.querySelector(".cm-scroller"))
    let marks = root.querySelectorAll(".cm-highlightSpace, .cm-highlightTab").length
    return [root.querySelector(".cm-lineNumbers") !== null, fontFamily.includes("serif, ui") || /Georgia/.test(fontFamily), Math.round(parseFloat(fontSize)), marks]
  }
  await page.waitForFunction(() => document.getElementById("editor").shadowRoot.querySelector(".cm-highlightTab"))
  assert.deepEqual(await page.evaluate(look), [true, true, 21, 4])
  await other.bringToFront()
  await other.waitForFunction(() => document.getElementById("editor").shadowRoot.querySelector(".cm-highlightTab"))
  assert.deepEqual(await other.evaluate(look), [true, true, 21, 4])
  await page.bringToFront()
  await dialog.getByRole("button", { name: "Back to the usual" }).click()
  await page.waitForFunction(() => !document.getElementById("editor").shadowRoot.querySelector(".cm-lineNumbers"))
  await anna.press("Escape")
  await anna.type("!")
  await anna.reads("some words and\ta tab!")
})

test("vim's keys write, and its undo takes back one's own commands only", async t => {
  let { anna, ben } = await browser.meeting(t)
  await chooseKeys(anna, "Vim")
  let mode = words => anna.page.locator(".cm-vim-panel", { hasText: words }).waitFor()
  await mode("NORMAL")
  await anna.type("ione two three")
  await mode("INSERT")
  await anna.press("Escape")
  await mode("NORMAL")
  await ben.reads("one two three")
  await ben.press("Control+End")
  await ben.type(" and Ben")
  await anna.reads("one two three and Ben")
  // Each command is a step, however fast they are typed.
  await anna.type("0dwdw")
  await anna.reads("three and Ben")
  await anna.type("u")
  await anna.reads("two three and Ben")
  await anna.type("u")
  await anna.reads("one two three and Ben")
  await anna.press("Control+r")
  await ben.reads("two three and Ben")
  await anna.type("uu")
  await ben.reads(" and Ben")
  assert.deepEqual(await anna.selection(), [0, 0])
  await anna.type(":w\n")
  await mode("NORMAL")
  await anna.press("Control+r", "Control+r")
  await ben.reads("two three and Ben")
  await anna.type("yyp/ben\n")
  await anna.type("x")
  await ben.reads("two three and Ben\ntwo three and en")
  await chooseKeys(anna, "As in most editors")
  await anna.page.locator(".cm-vim-panel").waitFor({ state: "detached" })
  await anna.press("Control+End")
  await anna.type("x")
  await ben.reads("two three and Ben\ntwo three and enx")
  await anna.says("saved")
})

test("emacs' keys move, mark, kill and yank, find and undo, and are there after a reload", async t => {
  let { anna, ben } = await browser.meeting(t)
  await chooseKeys(anna, "Emacs")
  await anna.page.reload()
  await anna.arrives()
  await anna.enterText()
  await anna.type("one two three")
  // The keys come a moment after the text.
  await anna.until(() => {
    let event = new KeyboardEvent("keydown", { key: "a", code: "KeyA", keyCode: 65, ctrlKey: true, bubbles: true, cancelable: true })
    window.witness.view().contentDOM.dispatchEvent(event)
    return window.witness.view().state.selection.main.head === 0
  })
  await anna.press("Control+Space", "Alt+f")
  assert.deepEqual(await anna.selection(), [0, 3])
  await anna.press("Control+g", "Control+a", "Alt+d")
  await anna.reads(" two three")
  await anna.press("Control+e", "Control+y")
  await anna.reads(" two threeone")
  await anna.press("Control+a", "Control+k")
  await ben.reads("")
  await anna.press("Control+y")
  await ben.reads(" two threeone")
  await anna.press("Alt+y")
  await ben.reads("one")
  await ben.press("Control+End")
  await ben.type("!")
  await anna.reads("one!")
  await anna.press("Control+/", "Control+/")
  await ben.reads("!")
  await anna.press("Control+s")
  await anna.page.getByPlaceholder("Find", { exact: true }).waitFor()
  await anna.press("Escape", "Alt+x")
  await anna.page.getByRole("combobox", { name: "Commands" }).waitFor()
})

test("what this is, and which version, can be read", async t => {
  let { anna, page } = await alone(t)
  await anna.choose("About Codraft")
  let dialog = page.getByRole("dialog", { name: "About Codraft" })
  await dialog.getByText(/^Version \d+\.\d+\.\d+/).waitFor()
  await dialog.getByText("MIT").waitFor()
  await page.mouse.click(5, 5)
  await dialog.waitFor({ state: "detached" })
})

test("on a phone the menu is a sheet within reach, and settings and palette fit", async t => {
  let { anna, page } = await alone(t, { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true })
  let fits = async locator => {
    let { x, y, width, height } = await locator.boundingBox()
    assert.ok(x >= 0 && y >= 0 && x + width <= 360 && y + height <= 641, JSON.stringify({ x, y, width, height }))
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 360)
    return { y, height }
  }
  await page.getByRole("button", { name: "Menu" }).tap()
  let menu = page.getByRole("menu")
  await menu.waitFor()
  await menu.evaluate(menu => Promise.all(menu.getAnimations().map(({ finished }) => finished)))
  let { y, height } = await fits(menu)
  assert.ok(Math.abs(y + height - 640) <= 1, "the sheet lies at the lower edge")
  await page.locator("codraft-menu .item").filter({ hasText: "Settings" }).tap()
  await fits(page.locator("codraft-settings dialog"))
  await page.getByRole("button", { name: "Close" }).tap()
  await anna.choose("All commands")
  await fits(page.locator("codraft-palette dialog"))
  await page.getByRole("option", { name: "Find…" }).tap()
  await fits(page.locator(".cm-search"))
})

/** Chooses whose keys hold in the text, and goes back to it. */
async function chooseKeys(who, keys) {
  await who.choose("Settings")
  let dialog = who.page.getByRole("dialog", { name: "Settings" })
  await dialog.getByLabel("Keys", { exact: true }).selectOption(keys)
  await dialog.getByRole("button", { name: "Close" }).click()
  await dialog.waitFor({ state: "detached" })
  await who.enterText()
}
