/**
 * Texts and edits beyond single keys: pasting, other scripts, search and replace, several cursors, everything at once.
 * Knows no failures of the network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"

let browser = sharedBrowser()

async function bothRead({ anna, ben }, text) {
  for (let who of [anna, ben]) {
    await who.reads(text)
    await who.says("saved")
  }
}

test("a pasted text keeps its lines whatever ends them", async t => {
  let people = await browser.meeting(t)
  let { anna } = people
  await anna.paste("windows\r\nold mac\rlinux\nend")
  await bothRead(people, "windows\nold mac\nlinux\nend")
  await pasteRaw(anna, "\r\nraw\r\nbytes\rhere")
  await bothRead(people, "windows\nold mac\nlinux\nend\nraw\nbytes\nhere")
  await anna.type("!")
  await bothRead(people, "windows\nold mac\nlinux\nend\nraw\nbytes\nhere!")
})

/** Pastes what a program could put on a clipboard, past the browser's own clean-up. */
function pasteRaw(who, text) {
  return who.page.evaluate(text => {
    let clipboardData = new DataTransfer()
    clipboardData.setData("text/plain", text)
    let event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
    window.witness.view().contentDOM.dispatchEvent(event)
  }, text)
}

test("emoji, joined emoji, flags, accents and right-to-left text arrive whole and are deleted whole", async t => {
  let people = await browser.meeting(t)
  let { anna, ben } = people
  let text = "👩‍👩‍👧‍👦🇯🇵é שלום عالم 𝒳 ok"
  await anna.paste(text)
  await bothRead(people, text)
  await ben.press("Control+Home", "Delete")
  await bothRead(people, text.slice("👩‍👩‍👧‍👦".length))
  await ben.press("Delete")
  await bothRead(people, "é שלום عالم 𝒳 ok")
  await ben.press("Control+End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Backspace")
  await bothRead(people, "é שלום عالم  ok")
  await anna.type("→😀")
  await ben.until(() => window.witness.text().includes("→😀"))
  let same = await anna.text()
  assert.ok(same.isWellFormed())
  await bothRead(people, same)
})

test("half a character that is pasted becomes a replacement mark, not a broken document", async t => {
  let people = await browser.meeting(t)
  await pasteRaw(people.anna, "a\ud83d-\ude00b")
  await bothRead(people, "a\ufffd-\ufffdb")
})

test("replace all changes every match for both, and is undone in one step", async t => {
  let people = await browser.meeting(t)
  let { anna, ben } = people
  let before = Array.from({ length: 300 }, (_, i) => `the cat ${i} and the cat's hat`).join("\n")
  await anna.paste(before)
  await ben.reads(before)
  await anna.press("Control+h")
  let { page } = anna
  await page.getByPlaceholder("Find").fill("cat")
  await page.getByPlaceholder("Replace with").fill("dog 🐕")
  await page.getByRole("button", { name: "Replace all", exact: true }).click()
  await bothRead(people, before.replaceAll("cat", "dog 🐕"))
  await anna.press("Escape", "Control+z")
  await bothRead(people, before)
})

test("typing with several cursors at once reaches the other, and is undone in one step", async t => {
  let people = await browser.meeting(t)
  let { anna, ben } = people
  await anna.paste("red\nred\nred\nblue")
  await ben.reads("red\nred\nred\nblue")
  await anna.press("Control+Home", "Shift+End", "Control+d", "Control+d")
  await anna.type("green")
  await bothRead(people, "green\ngreen\ngreen\nblue")
  await anna.press("Home")
  await ben.press("Control+End")
  await ben.type("!")
  await anna.type("- ")
  await bothRead(people, "- green\n- green\n- green\nblue!")
  await anna.press("Control+z")
  await bothRead(people, "green\ngreen\ngreen\nblue!")
  await anna.press("Control+z")
  await bothRead(people, "red\nred\nred\nblue!")
})

test("two hundred kilobytes pasted at once are on the other side, and gone after select all and delete", async t => {
  let people = await browser.meeting(t)
  let { anna, ben } = people
  let line = "Ein langer Absatz, der sich wiederholt, with some 日本語 and 🎈 in it, until it is long enough.\n"
  let text = line.repeat(Math.ceil(200_000 / Buffer.byteLength(line)))
  await anna.paste(text)
  await bothRead(people, text)
  assert.equal(await ben.copyAll(), text)
  await ben.press("Control+a", "Delete")
  await bothRead(people, "")
  await ben.press("Control+z")
  await bothRead(people, text)
})

test("a list goes on with Enter, and Tab indents it", async t => {
  let people = await browser.meeting(t)
  await people.anna.type("- one\ntwo\n")
  await people.anna.press("Tab")
  // The second brings the empty item out one level, the third ends the list.
  await people.anna.type("three\n\n\n")
  await people.ben.until(() => window.witness.text().includes("three"))
  await bothRead(people, "- one\n- two\n  - three\n")
})

test("a line moved with Alt and the arrow moves for both, and undo moves it back without taking its words", async t => {
  let people = await browser.meeting(t)
  await people.anna.type("first\nsecond")
  await people.anna.press("Alt+ArrowUp")
  await bothRead(people, "second\nfirst")
  await people.anna.press("Control+z")
  await bothRead(people, "first\nsecond")
})
