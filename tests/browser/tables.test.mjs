/**
 * Tables as people write them: from cell to cell, and lined up when nobody is in them any more.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"

let browser = sharedBrowser()

let alone = (t, options) => browser.alone(t, "writing", options)

/** Puts the cursor `count` characters into the text. */
async function goTo(who, offset) {
  await who.page.evaluate(offset => window.witness.view().dispatch({ selection: { anchor: offset } }), offset)
}

/** Ben goes to a place in the table; Anna sees him there, changes its first cell and leaves. */
async function annaLeavesBenIn(anna, ben, offset) {
  await goTo(ben, offset)
  await ben.page.locator(".cm-content").focus()
  await anna.page.locator(".cm-peerCaret").first().waitFor({ state: "attached" })
  await goTo(anna, 3)
  await anna.type("nna")
  await anna.press("Control+End")
}

test("Tab goes from cell to cell, Enter makes a row, and leaving lines the columns up", async t => {
  let { anna } = await alone(t)
  await anna.paste("| a | b |\n|-|-|\n| long words | c |\n\nend")
  await goTo(anna, 2)
  await anna.press("Tab")
  // What knows tables is fetched at the first one.
  await anna.until(() => window.witness.view().state.selection.main.from === 6)
  assert.deepEqual(await anna.selection(), [6, 7])
  await anna.press("Tab", "Tab", "Tab")
  await anna.until(() => window.witness.view().state.doc.lines === 6)
  await anna.type("x")
  await anna.press("Tab")
  await anna.type("日本")
  await anna.press("Shift+Tab", "Shift+Tab")
  await anna.type("y")
  await anna.press("Control+End")
  await anna.reads(
    "| a          | b    |\n| ---------- | ---- |\n| long words | y    |\n| x          | 日本 |\n\nend",
  )
  await goTo(anna, (await anna.text()).length - "|\n\nend".length)
  await anna.press("Enter")
  await anna.until(() => window.witness.view().state.doc.lines === 7)
  await anna.press("Enter")
  await anna.type("z")
  await anna.reads(
    "| a          | b    |\n| ---------- | ---- |\n| long words | y    |\n| x          | 日本 |\n\nz\nend",
  )
})

test("columns are not lined up under the hands of somebody else", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.paste("| a | b |\n|-|-|\n| c | d |\n\nend")
  await ben.reads("| a | b |\n|-|-|\n| c | d |\n\nend")
  await annaLeavesBenIn(anna, ben, "| a | b |\n|-|-|\n| c".length)
  await ben.type("arl")
  await anna.until(() => window.witness.text().includes("carl"))
  assert.match(await anna.text(), /\|-\|-\|/)
  await ben.press("Control+End")
  for (let who of [anna, ben]) await who.reads("| anna | b   |\n| ---- | --- |\n| carl | d   |\n\nend")
})

test("columns are lined up once whoever was only looking has left the table", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.paste("| a | b |\n|-|-|\n\nend")
  await ben.reads("| a | b |\n|-|-|\n\nend")
  await annaLeavesBenIn(anna, ben, "| a | b".length)
  await ben.reads("| anna | b |\n|-|-|\n\nend")
  await ben.press("Control+End")
  for (let who of [anna, ben]) await who.reads("| anna | b   |\n| ---- | --- |\n\nend")
})

test("two tables in which somebody else was when they were left are both lined up", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  let carl = await browser.person(t)
  await carl.open(server, "meeting")
  let table = "| a | b |\n|-|-|\n"
  await anna.paste(`${table}\n${table}\nend`)
  for (let who of [ben, carl]) await who.reads(`${table}\n${table}\nend`)
  await annaLeavesBenIn(anna, ben, "| a | b".length)
  await goTo(carl, `${table}\n| a | b`.length + 3)
  await carl.page.locator(".cm-content").focus()
  await anna.until(() => document.getElementById("editor").shadowRoot.querySelectorAll(".cm-peerCaret").length === 2)
  await goTo(anna, `| anna${table.slice(3)}\n| a`.length)
  await anna.type("nna")
  await anna.press("Control+End")
  for (let who of [ben, carl]) await who.press("Control+End")
  let tidy = "| anna | b   |\n| ---- | --- |\n"
  for (let who of [anna, ben, carl]) await who.reads(`${tidy}\n${tidy}\nend`)
})

test("in a table the button leads to its rows and columns", async t => {
  let { anna, page } = await alone(t)
  await page.getByRole("button", { name: "Insert table" }).click()
  await anna.until(() => window.witness.text().includes("Column 3"))
  await anna.type("Name")
  await page.getByRole("button", { name: "Change the table" }).click()
  await page.getByRole("menuitem", { name: "Add column after" }).click()
  await anna.until(() => window.witness.text().split("\n")[0].split("|").length === 6)
  await page.getByRole("button", { name: "Change the table" }).click()
  await page.getByRole("menuitem", { name: "Align column right" }).click()
  await anna.until(() => window.witness.text().includes("-: |"))
  await page.getByRole("button", { name: "Change the table" }).click()
  await page.getByRole("menuitem", { name: "Remove column" }).click()
  await anna.reads(
    "| Name | Column 2 | Column 3 |\n| ---- | -------- | -------- |\n|      |          |          |\n|      |          |          |",
  )
})
