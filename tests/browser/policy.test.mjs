/**
 * What the pages may load and run: nothing is stopped in ordinary use, and nothing people enter is taken for a page.
 * Knows the policy's effects, not its words.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

const HOSTILE = "<img src=x onerror=alert(1)>"

test("a stopped script or style is noticed by these tests", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  for (let address of [server.origin, server.page("doc")]) {
    await anna.page.goto(address)
    await anna.page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<b style='color: red'>x</b>"))
    await anna.page.waitForFunction(() => window.witness.violations.length > 0)
    let [violation] = await anna.page.evaluate(() => window.witness.violations.splice(0))
    assert.match(violation, /^style-src/)
    assert.notEqual(anna.errors.splice(0).length, 0)
  }
})

test("ordinary use of both pages violates no policy and logs no error", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  await anna.type("# A title\n\nSome **bold** words, `code` and a [link](https://example.org).\n\n- a list\n")
  await ben.until(() => window.witness.text().includes("a list"))
  await ben.press("Control+Home", "Shift+End")
  await anna.page.locator(".cm-peerSelection").first().waitFor()
  await anna.page.locator(".cm-peerCaret").hover({ force: true })
  await anna.press("Control+f")
  await anna.page.getByPlaceholder("Find").fill("a")
  await anna.press("Enter", "Escape")
  await anna.page.locator("#own-avatar").click()
  await anna.page.getByLabel("Violet").check()
  await anna.press("Escape")
  for (let i = 0; i < 3; i++) await anna.choose(/Theme:/)
  await anna.page.locator("#share").click()
  await anna.press("Control+z")
  await anna.says("saved")
  await anna.page.goto(server.origin)
  await anna.page.locator(".recent-link").hover()
  await anna.page.locator("#theme").click()
  for (let who of [anna, ben]) assert.deepEqual(await who.complaints(), [])
})

test("names and titles that are markup are shown as the text they are", async t => {
  let { server, anna, ben } = await browser.meeting(t, HOSTILE)
  let alerts = []
  for (let { page } of [anna, ben]) page.on("dialog", dialog => alerts.push(dialog.message()) && dialog.dismiss())
  await ben.rename(HOSTILE)
  await ben.type(`${HOSTILE}\n<script>alert(2)</script>`)
  await anna.page.locator(".cm-peerName").filter({ hasText: HOSTILE }).waitFor({ state: "attached" })
  await anna.page.locator(`#people button[title="${HOSTILE}"]`).waitFor()
  await anna.page.locator("#people .more").click()
  await anna.page.locator("#others").getByText(HOSTILE).waitFor()
  assert.equal(await anna.page.locator("#name").textContent(), HOSTILE)
  await ben.says("saved")
  await ben.page.goto(server.origin)
  await ben.page.locator(".recent-title").filter({ hasText: "img src=x" }).waitFor()
  for (let { page } of [anna, ben]) {
    assert.equal(await page.locator("img[src='x']").count(), 0)
    assert.equal(await page.locator("script:not([src])").count(), 0)
  }
  assert.deepEqual(alerts, [])
})
