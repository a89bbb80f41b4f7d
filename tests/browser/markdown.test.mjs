/**
 * Writing Markdown: keys and buttons that format, lists that go on, and what the text looks like, by people
 * who write together.
 * Knows no failures of the network; tables and what is pasted have files of their own.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

let alone = (t, options) => browser.alone(t, "writing", options)

/** Puts the cursor `count` characters into the text. */
async function goTo(who, offset) {
  await who.page.evaluate(offset => window.witness.view().dispatch({ selection: { anchor: offset } }), offset)
}

test("keys make words bold, italic, struck through and code, and take it back in one step each", async t => {
  let { anna } = await alone(t)
  await anna.type("one two")
  for (let [key, marked] of [
    ["Control+b", "one **two**"],
    ["Control+i", "one *two*"],
    ["Control+Shift+x", "one ~~two~~"],
    ["Control+e", "one `two`"],
    ["Control+k", "one [two]()"],
  ]) {
    await anna.press("End", "Control+Shift+ArrowLeft", key)
    await anna.reads(marked)
    await anna.press("Control+z")
    await anna.reads("one two")
    assert.deepEqual(await anna.selection(), [7, 4])
  }
  await anna.press("End", "Control+Shift+ArrowLeft", "Control+b", "Control+b")
  await anna.reads("one two")
  await anna.press("Home", "Control+Alt+2")
  await anna.reads("## one two")
  await anna.press("Control+Alt+0", "Control+Shift+8")
  await anna.reads("- one two")
  await anna.press("Control+Shift+9", "Control+Enter")
  await anna.reads("- [x] one two")
  await anna.press("Control+z")
  await anna.reads("- [ ] one two")
})

test("what is typed between new marks is undone apart from them", async t => {
  let { anna } = await alone(t)
  await anna.type("say ")
  await anna.press("Control+b")
  await anna.type("loud")
  await anna.press("Control+b")
  await anna.type(" now")
  await anna.reads("say **loud** now")
  await anna.press("Control+z")
  await anna.reads("say **loud**")
  await anna.press("Control+z")
  await anna.reads("say ****")
})

test("what is typed while the first format is still on its way comes after it", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  let release
  let held = new Promise(resolve => {
    release = resolve
  })
  await anna.page.route("**/assets/formats-*.js", async route => {
    await held
    await route.continue()
  })
  await anna.open(server, "writing")
  await anna.type("say ")
  await anna.press("Control+b")
  await anna.type("lov")
  await anna.press("Backspace")
  await anna.type("ud")
  await anna.press("Control+b")
  await anna.type(" now")
  assert.equal(await anna.text(), "say ")
  release()
  await anna.reads("say **loud** now")
})

test("a list goes on, nests and ends by keys alone", async t => {
  let { anna } = await alone(t)
  await anna.type("1. one\ntwo\n")
  await anna.press("Tab")
  await anna.type("in\n")
  await anna.press("Shift+Tab")
  await anna.type("three\n\nend")
  await anna.reads("1. one\n2. two\n   1. in\n3. three\nend")
  await anna.press("Control+Home", "End", "Enter")
  await anna.reads("1. one\n2. \n3. two\n   1. in\n4. three\nend")
  await anna.press("Backspace")
  await anna.reads("1. one\n\n2. two\n   1. in\n3. three\nend")
  await anna.press("Control+z")
  await anna.reads("1. one\n2. \n3. two\n   1. in\n4. three\nend")
})

test("a list that two people go on with at once has every word of both, and its numbers come right", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("1. first\nsecond\nthird")
  await ben.reads("1. first\n2. second\n3. third")
  await goTo(anna, "1. first".length)
  await goTo(ben, "1. first\n2. second\n3. third".length)
  await Promise.all([anna.type("\nAnna's\nmore of Anna's", 15), ben.type(" and Ben's words\nand more", 17)])
  let words = text => text.split("\n").map(line => line.replace(/^\d+\. /, ""))
  await anna.until(() => window.witness.text().includes("more of Anna's") && window.witness.text().includes("and more"))
  await ben.until(() => window.witness.text().includes("more of Anna's") && window.witness.text().includes("and more"))
  for (let who of [anna, ben]) await who.says("saved")
  let text = await anna.text()
  await ben.reads(text)
  assert.deepEqual(words(text), ["first", "Anna's", "more of Anna's", "second", "third and Ben's words", "and more"])
  // Numbers that both changed at once may be wrong until somebody goes on.
  await ben.press("Control+End", "Enter")
  await ben.type("last")
  let numbered = [...words(text), "last"].map((line, i) => `${i + 1}. ${line}`).join("\n")
  for (let who of [anna, ben]) await who.reads(numbered)
})

test("a composition in an item is whole when somebody else goes on with the list meanwhile", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("1. first\nsecond ")
  await ben.reads("1. first\n2. second ")
  let debug = await anna.debug()
  let compose = text =>
    debug.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length })
  for (let so of ["に", "にほ", "にほん"]) await compose(so)
  await goTo(ben, "1. first".length)
  await ben.type("\nfrom Ben")
  await ben.says("saved")
  await anna.now()
  assert.equal(await anna.text(), "1. first\n2. second にほん")
  await debug.send("Input.insertText", { text: "日本" })
  for (let who of [anna, ben]) await who.reads("1. first\n2. from Ben\n3. second 日本")
  await anna.press("Enter")
  await anna.type("x")
  for (let who of [anna, ben]) await who.reads("1. first\n2. from Ben\n3. second 日本\n4. x")
})

test("a box is ticked with the mouse and seen by the others, and not by who may only look", async t => {
  let doc = await ownedDocument(t)
  let [anna, ben, carl] = [await browser.person(t), await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  await ben.follow((await doc.link({ role: "editor" })).href())
  await carl.follow((await doc.link({ role: "viewer" })).href(), "reading")
  await anna.enterText()
  await anna.type("- [ ] water\n\n\nend")
  for (let who of [ben, carl]) await who.reads("- [ ] water\n\nend")
  await ben.page.locator(".cm-task").click()
  for (let who of [anna, ben, carl]) await who.reads("- [x] water\n\nend")
  await carl.page.evaluate(() => {
    let box = document.getElementById("editor").shadowRoot.querySelector(".cm-task")
    box.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true, composed: true }))
  })
  assert.equal(await carl.text(), "- [x] water\n\nend")
  await ben.page.locator(".cm-task.cm-ticked").click()
  for (let who of [anna, ben]) await who.reads("- [ ] water\n\nend")
  await ben.press("Control+z")
  await anna.reads("- [x] water\n\nend")
})

test("a link opens with the key held, and only one of the web", async t => {
  let { anna, page, server } = await alone(t)
  await anna.paste(`[good](${server.origin}/#there) and [bad](javascript:document.title='bad') and \n`)
  await anna.page.locator(".cm-address").first().waitFor()
  let opened = anna.context.waitForEvent("page")
  // The title in the header has these words, too.
  let words = page.locator(".cm-content")
  await words.getByText("good").click({ modifiers: ["Control"] })
  let other = await opened
  await other.waitForURL("**/#there")
  assert.equal(await other.evaluate(() => window.opener), null)
  await other.close()
  await words.getByText("bad").first().click({ modifiers: ["Control"] })
  await anna.now()
  assert.equal(anna.context.pages().length, 1)
  assert.notEqual(await page.title(), "bad")
})

test("lines have the direction of their words, and the cursor moves through them as they look", async t => {
  let { anna, page } = await alone(t)
  await anna.type("- [x] שלום עולם\n")
  await anna.press("Backspace")
  await anna.type("plain\n> מרחבא")
  let directions = () =>
    page.evaluate(() =>
      [...document.getElementById("editor").shadowRoot.querySelectorAll(".cm-line")].map(
        line => getComputedStyle(line).direction,
      ),
    )
  await anna.until(() => document.getElementById("editor").shadowRoot.querySelectorAll(".cm-line[dir=rtl]").length === 2)
  assert.deepEqual(await directions(), ["rtl", "ltr", "rtl"])
  let lengths = { before: "- [x] ".length, word: "שלום".length }
  await goTo(anna, lengths.before)
  await anna.press("ArrowLeft", "ArrowLeft")
  assert.deepEqual(await anna.selection(), [lengths.before + 2, lengths.before + 2])
  await anna.press("ArrowRight")
  assert.deepEqual(await anna.selection(), [lengths.before + 1, lengths.before + 1])
})

test("a family of emoji is one step for the cursor and one for Delete", async t => {
  let { anna } = await alone(t)
  await anna.type("- 👩‍👩‍👧🇩🇪x")
  await anna.press("Home", "ArrowRight", "ArrowRight", "ArrowRight")
  assert.deepEqual(await anna.selection(), [10, 10])
  await anna.press("ArrowRight")
  assert.deepEqual(await anna.selection(), [14, 14])
  await anna.press("ArrowLeft", "ArrowLeft", "Delete")
  await anna.reads("- 🇩🇪x")
})

test("code between fences gets colours, and the words around it keep theirs", async t => {
  let { anna, page } = await alone(t)
  await anna.paste("# Title\n\n- [ ] [link](https://example.org)\n\n\n```js\nlet a = 1\n```\n")
  let color = words =>
    page.evaluate(words => {
      let spans = [...document.getElementById("editor").shadowRoot.querySelectorAll(".cm-line span")]
      let found = spans.filter(span => span.textContent === words).at(-1)
      return found && getComputedStyle(found).color
    }, words)
  let ink = await page.evaluate(() => getComputedStyle(window.witness.view().contentDOM).color)
  await anna.until(ink => {
    let spans = [...document.getElementById("editor").shadowRoot.querySelectorAll(".cm-fence span")]
    return spans.some(span => span.textContent === "let" && getComputedStyle(span).color !== ink)
  }, ink)
  assert.equal(await color(" Title"), ink)
  assert.notEqual(await color("let"), ink)
})

test("wrapped lines of an item hang under its words", async t => {
  let { anna, page } = await alone(t)
  await anna.paste(`- [ ] ${"many words that go on ".repeat(12)}\n1. ${"many words that go on ".repeat(12)}\n`)
  let edges = await page.evaluate(() => {
    let view = window.witness.view()
    return [1, 2].map(n => {
      let line = view.state.doc.line(n)
      let start = /^(?:- \[ \]|1\.) /.exec(line.text)[0].length
      let first = view.coordsAtPos(line.from + start, 1)
      let last = view.coordsAtPos(line.to - 1, -1)
      let range = document.createRange()
      let dom = view.domAtPos(line.from + start).node.parentElement.closest(".cm-line")
      range.selectNodeContents(dom)
      let rows = [...range.getClientRects()].filter(rect => rect.width > 40 && rect.top > first.bottom - 4)
      return { first: first.left, rows: Math.min(...rows.map(rect => rect.left)), isWrapped: last.top > first.top + 10 }
    })
  })
  for (let { first, rows, isWrapped } of edges) {
    assert.ok(isWrapped)
    assert.ok(Math.abs(first - rows) < 1.5, `words begin at ${first}, the next row at ${rows}`)
  }
})

test("buttons show what the cursor is in, do what they say, and are walked by arrow keys", async t => {
  let { anna, page } = await alone(t)
  await anna.type("one **two** three")
  let button = name => page.getByRole("button", { name, exact: true })
  await button("Bold").waitFor()
  await goTo(anna, 8)
  await anna.until(() => document.querySelector("codraft-toolbar").shadowRoot.querySelector('[aria-pressed="true"]'))
  assert.equal(await button("Bold").getAttribute("aria-pressed"), "true")
  assert.equal(await button("Italic").getAttribute("aria-pressed"), "false")
  await button("Bold").click()
  await anna.reads("one two three")
  await anna.type("!")
  await anna.until(() => window.witness.text().includes("!"))
  await anna.press("Alt+F10")
  let focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.getAttribute("aria-label"))
  assert.equal(await focused(), "Heading")
  await anna.press("ArrowRight", "ArrowRight")
  assert.equal(await focused(), "Italic")
  await anna.press("Home", "ArrowLeft")
  assert.equal(await focused(), "Horizontal rule")
  await anna.press("Home", "Enter")
  await anna.until(() => window.witness.text().startsWith("# "))
  await anna.press("Alt+F10", "Escape")
  await anna.type("?")
  await anna.until(() => window.witness.text().includes("?"))
  await anna.choose("Formatting buttons")
  await page.getByRole("toolbar").waitFor({ state: "hidden" })
  await page.reload()
  await anna.says("saved")
  await page.locator("codraft-foot .words").waitFor()
  assert.equal(await page.getByRole("toolbar").isVisible(), false)
})

test("on a phone the buttons stand below the text while one writes, and leave the keyboard where it is", async t => {
  let phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  let { anna, page } = await alone(t, phone)
  await anna.enterText()
  let bold = page.getByRole("button", { name: "Bold", exact: true })
  await bold.waitFor()
  let box = await bold.boundingBox()
  assert.ok(box.width >= 44 && box.height >= 44, JSON.stringify(box))
  assert.ok(box.y + box.height > 844 - 60, "at the lower edge")
  await anna.type("word")
  await bold.tap()
  assert.ok(await page.evaluate(() => window.witness.view().hasFocus))
  await anna.type("x")
  await anna.reads("word**x**")
  // As the page is when a keyboard takes half of the screen.
  await page.setViewportSize({ width: 390, height: 430 })
  await anna.until(() => {
    let { bottom } = document.querySelector("codraft-toolbar").getBoundingClientRect()
    return Math.abs(bottom - innerHeight) < 2
  })
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390))
  await page.getByRole("button", { name: "Undo" }).tap()
  await anna.reads("word****")
  await page.evaluate(() => window.witness.view().contentDOM.blur())
  await bold.waitFor({ state: "hidden" })
})

test("the line below counts words of the whole and of what is selected, in any language", async t => {
  let { anna, page } = await alone(t)
  await anna.paste("# One two\r\n\r\nthree 日本語の文\r\n")
  let words = page.locator("codraft-foot .words")
  await page.getByText("6 words").waitFor()
  await goTo(anna, 6)
  await anna.press("Shift+End")
  await page.getByText("1 of 6 words").waitFor()
  await page.getByText("Ln 1, Col 10").waitFor()
  await words.click()
  await page.getByRole("dialog", { name: "More counts" }).getByText("Reading time").waitFor()
  await anna.press("Escape")
})
