/**
 * Coming back to a document that others have changed meanwhile: whoever was away is told how much, and shown what.
 * Knows when somebody was there last as far as the browser remembers it.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { seenBefore, untilKept } from "./support/device.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** Somebody who has opened a document and written something. */
async function visitor(t, server, text) {
  let anna = await browser.person(t)
  await anna.open(server, "diary")
  await anna.type(text)
  await anna.says("saved")
  return anna
}

test("whoever comes back is told how many lines have changed, and shown which", async t => {
  let server = await startServer(t)
  let anna = await visitor(t, server, "one\ntwo\nthree\nfour")
  await untilKept(anna.page, "diary", found => found?.marks === 0 && found.pieces > 0)
  await anna.page.goto(server.origin)
  await seenBefore(anna.page, "diary", 25 * 3_600_000)
  let ben = await browser.person(t)
  await ben.open(server, "diary")
  await ben.goToLine(2)
  await ben.type(" and a half")
  await ben.goToLine(4)
  await ben.press("Enter")
  await ben.type("five")
  await ben.says("saved")
  await anna.open(server, "diary")
  await anna.page.getByText("2 lines have changed since you were last here, yesterday.").waitFor()
  await anna.enterText()
  await anna.press("Control+Home")
  await anna.type("mine ")
  await anna.page.getByText("2 lines have changed").waitFor()
  await anna.page.getByRole("button", { name: "Show", exact: true }).click()
  let marked = () =>
    anna.page.evaluate(() => {
      let root = document.getElementById("editor").shadowRoot
      return [...root.querySelectorAll(".cm-newsLine")].map(line => line.textContent)
    })
  assert.deepEqual(await marked(), ["two and a half", "five"])
  await anna.enterText()
  await anna.press("Escape")
  await anna.page.getByText("2 lines have changed").waitFor({ state: "detached" })
  assert.deepEqual(await marked(), [])
  await anna.page.reload()
  await anna.says("saved")
  assert.equal(await anna.page.locator("codraft-since").count(), 0)
})

test("whoever has had the page out of sight for an hour is told, too, and who was away for a moment is not", async t => {
  let server = await startServer(t)
  let [anna, ben] = [await visitor(t, server, "one\ntwo\n"), await browser.person(t)]
  await ben.open(server, "diary")
  let turn = (hidden, minutes) =>
    anna.page.evaluate(
      ([hidden, minutes]) => {
        let now = Date.now() + minutes * 60_000
        Date.now = () => now
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true })
        document.dispatchEvent(new Event("visibilitychange"))
      },
      [hidden, minutes],
    )
  let bar = anna.page.locator("codraft-since")
  await turn(true, 0)
  await ben.goToLine(1)
  await ben.type(" and a quarter")
  await anna.reads("one and a quarter\ntwo\n")
  await turn(false, 1)
  await turn(true, 0)
  await ben.goToLine(2)
  await ben.type(" and a half")
  await anna.reads("one and a quarter\ntwo and a half\n")
  await turn(false, 60)
  await bar.getByText("1 line has changed since you were last here, 1 hour ago.").waitFor()
  await bar.getByRole("button", { name: "Dismiss" }).click()
  await bar.waitFor({ state: "detached" })
})
