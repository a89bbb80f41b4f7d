/**
 * Undo and redo beside somebody else's edits.
 * Knows no failures of the network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"

let browser = sharedBrowser()

test("undo takes back one's own words only, and redo brings them back", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("Anna wrote this")
  await ben.reads("Anna wrote this")
  await ben.press("Control+End")
  await ben.type(" and Ben that")
  await anna.reads("Anna wrote this and Ben that")
  await anna.press("Control+z")
  await anna.reads(" and Ben that")
  await ben.reads(" and Ben that")
  await anna.press("Control+z")
  await anna.reads(" and Ben that")
  await anna.press("Control+y")
  await ben.reads("Anna wrote this and Ben that")
  await ben.press("Control+z")
  await anna.reads("Anna wrote this")
  await anna.press("Control+z", "Control+Shift+Z")
  await ben.press("Control+y")
  for (let who of [anna, ben]) {
    await who.reads("Anna wrote this and Ben that")
    await who.says("saved")
  }
})

test("undo of a deletion brings the words back around what somebody wrote there meanwhile", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("one two three")
  await ben.reads("one two three")
  await anna.press("Control+a", "Delete")
  await ben.reads("")
  await ben.type("four")
  await anna.reads("four")
  await anna.press("Control+z")
  await ben.until(() => window.witness.text().length === "one two threefour".length)
  let text = await ben.text()
  assert.ok(["one two threefour", "fourone two three"].includes(text), text)
  await anna.reads(text)
})

test("undo selects what was selected and scrolls it into view, and redo shows what it brings back", async t => {
  let { anna } = await browser.meeting(t)
  let lines = Array.from({ length: 200 }, (_, i) => `line ${i + 1}`)
  await anna.paste(lines.join("\n"))
  await anna.press("Control+Home", "ArrowDown", "Home", "Shift+End")
  let selected = await anna.selection()
  assert.deepEqual(selected, ["line 1\n".length, "line 1\nline 2".length])
  await anna.type("replaced")
  await anna.press("Control+End")
  await anna.until(words => !window.witness.showsLine(words), "replaced")
  await anna.press("Control+z")
  await anna.reads(lines.join("\n"))
  assert.deepEqual(await anna.selection(), selected)
  await anna.until(words => window.witness.showsLine(words), "line 2")
  await anna.press("Control+End")
  await anna.until(words => !window.witness.showsLine(words), "line 2")
  await anna.press("Control+y")
  await anna.until(words => window.witness.showsLine(words), "replaced")
})

test("typing after moving the cursor is undone apart from what was typed before", async t => {
  let { anna } = await browser.meeting(t)
  await anna.type("abc")
  await anna.press("Home")
  await anna.type("xyz")
  await anna.reads("xyzabc")
  await anna.press("Control+z")
  await anna.reads("abc")
  await anna.press("Control+z")
  await anna.reads("")
})
