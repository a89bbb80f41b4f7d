/**
 * A text as it reads: beside the editor, in its place, kept up with what everybody writes, and harmless whatever that is.
 * Knows Markdown from outside; what is drawn of it in detail is tested beside the code.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { STRINGS } from "./support/corpus.mjs"
import { tasksOf } from "./support/cpu.mjs"
import { ownedDocument } from "./support/links.mjs"
import { openView, read } from "./support/reader.mjs"
import { startServer } from "./support/server.mjs"
import { insertionFrame, sendAsStock } from "./support/stock.mjs"

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

let browser = sharedBrowser()

/** Somebody in a document with this text in it. */
async function writer(t, text, options) {
  let server = await startServer(t)
  let anna = await browser.person(t, options)
  await anna.open(server, "doc")
  await anna.paste(text)
  await anna.says("saved")
  return { server, anna }
}

/** Waits until the preview reads like this, spaces aside. */
async function reads(who, words) {
  let look = words => window.reader.words() === words
  await who.until(look, words).catch(async () => assert.equal(await who.page.evaluate(() => window.reader.words()), words))
}

test("the text is read beside the editor while two people write it", async t => {
  let { anna, ben } = await browser.meeting(t)
  await openView(anna, "Split")
  assert.equal(await anna.page.locator(".cm-content").isVisible(), true)
  await read(anna).getByText("Nothing is written here yet.").waitFor()
  await anna.type("# Plan\n\nSome **bold** words")
  await reads(anna, "Plan Some bold words")
  await read(anna).getByRole("heading", { name: "Plan", level: 1 }).waitFor()
  assert.equal(await read(anna).locator("strong").textContent(), "bold")
  await ben.press("Control+End")
  await ben.type(" and Ben's")
  await reads(anna, "Plan Some bold words and Ben's")
  await openView(anna, "Write")
  assert.equal(await read(anna).locator("article").isVisible(), false)
  await ben.type(", unseen")
  await anna.until(() => window.witness.text().endsWith("unseen"))
  await openView(anna, "Read")
  await reads(anna, "Plan Some bold words and Ben's, unseen")
  assert.equal(await anna.page.locator(".cm-content").isVisible(), false)
})

test("only the blocks that changed are made anew", async t => {
  let { anna } = await writer(t, "# One\n\ntwo\n\n- three\n\nfour")
  await openView(anna, "Split")
  await reads(anna, "One two three four")
  await anna.page.evaluate(() => {
    for (let block of window.reader.blocks()) block.old = true
  })
  await anna.press("Control+Home", "ArrowDown", "ArrowDown", "End")
  await anna.type("!\n\nnew")
  await reads(anna, "One two! new three four")
  let old = await anna.page.evaluate(() => [...window.reader.blocks()].map(block => block.old ?? false))
  assert.deepEqual(old, [true, false, false, true, true])
})

test("the views change by key, are in the menu's list, and the focus goes along", async t => {
  let { anna } = await writer(t, "# A\n\nb")
  // The views come once there is time.
  await anna.page.locator("codraft-view-switch").getByRole("button", { name: "Read" }).waitFor()
  await anna.press("Control+Shift+F")
  await anna.until(() => document.body.dataset.view === "read")
  await anna.until(() => document.activeElement?.localName === "codraft-preview")
  await anna.press("Control+Shift+D")
  await anna.until(() => document.body.dataset.view === "split")
  await anna.type("!")
  await anna.reads("# A\n\nb!")
  await anna.press("Control+Shift+E")
  await anna.until(() => document.body.dataset.view === "write")
  let pressed = await anna.page.locator("codraft-view-switch").getByRole("button", { pressed: true }).textContent()
  assert.equal(pressed.trim(), "Write")
})

test("what was chosen for writing is there the next time, and reading is not", async t => {
  let { server, anna } = await writer(t, "words")
  await openView(anna, "Split")
  await anna.open(server, "another")
  await anna.until(() => document.body.dataset.view === "split")
  await openView(anna, "Read")
  await anna.open(server, "third")
  await anna.page.locator(".cm-content").waitFor()
})

test("a task is ticked in the preview by one and the other, is undone in one step, and the focus stays", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.paste("# List\n\n- [ ] first\n- [x] second\n  1. [ ] third\n")
  await anna.says("saved")
  for (let who of [anna, ben]) await openView(who, "Read")
  let box = (who, name) => read(who).getByRole("checkbox", { name })
  await box(anna, "first").click()
  await box(ben, "second").click()
  await box(ben, "third").focus()
  await ben.press("Space")
  let all = "# List\n\n- [x] first\n- [ ] second\n  1. [x] third\n"
  for (let who of [anna, ben]) {
    await who.reads(all)
    await who.until(() => {
      let boxes = window.reader.article().querySelectorAll("input")
      return Array.from(boxes, box => box.checked).join() === "true,false,true"
    })
  }
  assert.equal(await box(ben, "third").evaluate(box => box.getRootNode().activeElement === box), true)
  await openView(anna, "Split")
  await anna.press("Control+z")
  await ben.reads(all.replace("[x] first", "[ ] first"))
  await ben.until(() => !window.reader.article().querySelector("input").checked)
})

test("who may only read comes to read, cannot tick, and can still see what is written", async t => {
  let doc = await ownedDocument(t)
  let link = await doc.link({ role: "viewer" })
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  await anna.type("# Rules\n\n- [ ] open")
  await anna.says("saved")
  await ben.follow(link.href(), "reading")
  await reads(ben, "Rules open")
  assert.equal(await ben.page.locator(".cm-content").isVisible(), false)
  assert.equal(await read(ben).getByRole("checkbox").isDisabled(), true)
  await anna.type(" and more")
  await reads(ben, "Rules open and more")
  await doc.change(link, { role: "editor" })
  await ben.says("saved")
  await ben.until(() => !window.reader.article().querySelector("input").disabled)
  await openView(ben, "Write")
  assert.equal(await ben.page.locator(".cm-content").isVisible(), true)
})

test("a link to a heading leads who only reads there", async t => {
  let doc = await ownedDocument(t)
  let link = await doc.link({ role: "viewer" })
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  await anna.paste(`${"filler\n\n".repeat(80)}## The end\n\nwords`)
  await anna.says("saved")
  await ben.follow(link.href(), "reading")
  await read(ben).getByRole("heading", { name: "The end" }).waitFor({ state: "attached" })
  assert.equal(await ben.page.evaluate(() => window.reader.isSeen("the-end")), false)
  await ben.follow(`${doc.server.page(doc.name)}#the-end`, "reading")
  await ben.until(() => window.reader.isSeen("the-end"))
})

test("both sides scroll together by line, and neither pushes the other back", async t => {
  let sections = Array.from({ length: 60 }, (_, n) => `## Part ${n}\n\n${"words of this part ".repeat(5 + (n % 7) * 20)}\n\n- a\n- b\n`)
  let { anna } = await writer(t, sections.join("\n"))
  await openView(anna, "Split")
  await read(anna).getByRole("heading", { name: "Part 59" }).waitFor({ state: "attached" })
  let tops = () => anna.page.evaluate(() => window.reader.tops())
  let wheel = async (where, by) => {
    await anna.page.locator(where).first().hover({ position: { x: 200, y: 200 } })
    await anna.page.mouse.wheel(0, by)
    await anna.page.evaluate(() => window.reader.still())
  }
  await anna.press("Control+Home")
  for (let [where, by] of [[".cm-scroller", 3_000], ["codraft-preview", 4_000], [".cm-scroller", -2_500], ["codraft-preview", 2_000]]) {
    await wheel(where, by)
    let { editor, page } = await tops()
    assert.ok(Math.abs(editor - page) <= 1, `${where} ${by}: the editor is at part ${editor}, the page at ${page}`)
    assert.ok(editor > 3, `nothing has moved: part ${editor}`)
  }
  await wheel("codraft-preview", -1_000_000)
  assert.equal(await anna.page.evaluate(() => window.witness.view().scrollDOM.scrollTop), 0)
})

test("a click on a word puts the cursor there", async t => {
  let text = "# Title\n\nSome **bold** and [linked](https://example.org/long/address) words here\n\n> quoted text\n"
  let { anna } = await writer(t, text)
  await openView(anna, "Split")
  await reads(anna, "Title Some bold and linked words here quoted text")
  for (let [word, line] of [["here", 3], ["quoted", 5], ["bold", 3], ["Title", 1]]) {
    let at = await anna.page.evaluate(word => window.reader.middleOf(word), word)
    await anna.page.mouse.click(at.x, at.y)
    let [, head] = await anna.selection()
    let from = text.indexOf(word)
    assert.ok(from <= head && head <= from + word.length, `${word}: ${head} is not in ${from}`)
    assert.equal(text.slice(0, head).split("\n").length, line)
    assert.equal(await anna.page.evaluate(() => window.witness.view().hasFocus), true)
  }
})

test("links within the text lead there and back, all others lead out of the page", async t => {
  let filler = "filler\n\n".repeat(80)
  let { anna } = await writer(t, `[go](#the-end) a note[^1]\n\n${filler}## The end\n\n[out](https://example.org/) [^1]\n\n[^1]: noted`)
  await openView(anna, "Read")
  await read(anna).getByRole("link", { name: "go" }).click()
  await anna.until(() => window.reader.isSeen("the-end"))
  assert.equal(new URL(anna.page.url()).hash, "#the-end")
  await read(anna).getByRole("link", { name: "1", exact: true }).last().click()
  await anna.until(() => window.reader.isSeen("fn-1"))
  await read(anna).locator("a.back").first().click()
  await anna.until(() => window.reader.isSeen("fnref-1"))
  let out = read(anna).getByRole("link", { name: "out" })
  assert.equal(await out.getAttribute("target"), "_blank")
  assert.equal(await out.getAttribute("rel"), "noopener noreferrer nofollow")
})

test("code has the colours of its language, and is copied by its button", async t => {
  let { anna } = await writer(t, "```js\nlet a = 1\nlet b\n```\n\n```nonesuch\nlet c\n```\n")
  await openView(anna, "Read")
  await read(anna).locator(".tok-keyword").nth(1).waitFor()
  assert.equal(await read(anna).locator(".tok-keyword").count(), 2)
  await read(anna).getByRole("button", { name: "Copy this code" }).first().click()
  await read(anna).getByText("Copied").waitFor()
  assert.equal(await anna.page.evaluate(() => navigator.clipboard.readText()), "let a = 1\nlet b")
})

test("formulas and diagrams are drawn under the page's policy, and what cannot be drawn says so in its place", async t => {
  let text = [
    "so $x^2$ and\n\n$$\n\\frac{1}{2}\n$$",
    "```mermaid\nflowchart LR\n  A[Rain] --> B[Butt]\n```",
    "```mermaid\nsequenceDiagram\n  Anna->>Ben: hello\n```",
    "```mermaid\nflowchart LR\n  A -->\n```",
    "$\\frac{1}$",
  ].join("\n\n")
  let { anna } = await writer(t, text)
  await openView(anna, "Split")
  await read(anna).locator("math").nth(1).waitFor()
  await read(anna).locator(".diagram[data-state=drawn]").nth(1).waitFor()
  await read(anna).locator(".diagram .trouble").waitFor()
  await read(anna).locator(".formula .why").waitFor()
  let sizes = await read(anna).locator(".diagram img").evaluateAll(images => images.map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]))
  for (let [width, height] of sizes) assert.ok(width > 50 && height > 20, `${width} by ${height}`)
  assert.equal(await read(anna).locator(".diagram svg").count(), 0)
  await anna.press("Control+End")
  await anna.type("\n\nand more")
  await read(anna).getByText("and more").waitFor()
  assert.equal(await read(anna).locator(".diagram[data-state=drawn]").count(), 2)
  assert.deepEqual(await anna.complaints(), [])
})

test("whatever somebody writes, it reads as text or not at all", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.page.exposeFunction("hit", number => anna.errors.push(`script ${number} has run`))
  anna.page.on("request", request => {
    let { origin, pathname } = new URL(request.url())
    let isOwn = origin === server.origin && !pathname.startsWith("/hit")
    if (!isOwn && !/^(?:blob|data):/.test(request.url())) anna.errors.push(`asked for ${request.url()}`)
  })
  let wrap = string => [
    string,
    `[${string}](javascript:hit(60)) [x](${string}) ![x](/hit) ![${string}](//hit.invalid/x.png)`,
    `# ${string}`,
    `- [ ] ${string}`,
    `| ${string} |\n|---|\n| ${string} |`,
    `\`\`\`${string}\n${string}\n\`\`\``,
    `$\\text{${string}}$ $${string}$`,
    `x[^${string}]\n\n[^${string}]: ${string}`,
    `[r]: javascript:hit(61) "${string}"\n\n[r]`,
    `<a href="data:text/html,<script>hit(62)</script>">x</a> <data:text/html;base64,aGk=> <vbscript:x>`,
  ]
  let diagram = "```mermaid\nflowchart LR\n  A[\"<img src=/hit onerror=hit(63)>\"] --> B\n  click A href \"javascript:hit(64)\"\n```"
  let text = [...STRINGS.filter(string => string.length < 2_000).flatMap(wrap), diagram].join("\n\n")
  let eve = await browser.person(t)
  await sendAsStock(eve, server, "doc", [insertionFrame(text)])
  await anna.open(server, "doc")
  await openView(anna, "Read")
  await read(anna).locator(".diagram").last().waitFor({ state: "attached" })
  await read(anna).locator(".diagram").last().scrollIntoViewIfNeeded()
  await read(anna).locator(".diagram[data-state=drawn]").waitFor()
  assert.deepEqual(await anna.page.evaluate(() => window.reader.strange()), [])
  for (let viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    await anna.page.setViewportSize(viewport)
    assert.equal(await anna.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
  }
  assert.deepEqual(await anna.complaints(), [])
})

test("what is not Markdown has no other view, and what becomes Markdown has", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("# words")
  await openView(anna, "Split")
  let language = async (who, name) => {
    await who.press("F1")
    await who.page.getByRole("combobox").waitFor()
    await who.type("language")
    await who.press("Enter")
    await who.page.locator("codraft-languages").getByRole("combobox").waitFor()
    await who.type(name)
    await who.press("Enter")
  }
  await language(ben, "Plain text")
  await anna.until(() => document.body.dataset.view === "write")
  assert.equal(await anna.page.locator("codraft-view-switch").isVisible(), false)
  assert.equal(await anna.page.locator(".cm-content").isVisible(), true)
  await language(ben, "Markdown")
  await anna.until(() => document.body.dataset.view === "split")
  await reads(anna, "words")
})

test("on a phone one button leads from writing to reading and back", async t => {
  let { anna } = await writer(t, "# Phone\n\nwords", PHONE)
  let button = anna.page.locator("codraft-view-switch button")
  await button.first().waitFor()
  assert.equal(await button.count(), 1)
  await button.tap()
  await reads(anna, "Phone words")
  assert.equal(await anna.page.locator(".cm-content").isVisible(), false)
  let { height } = await anna.page.locator("header.bar").boundingBox()
  assert.ok(height < 70, `the header has ${height} pixels`)
  await button.tap()
  await anna.page.locator(".cm-content").waitFor()
  await anna.press("Control+Shift+D")
  assert.equal(await read(anna).locator("article").isVisible(), false, "there is no room for two")
})

test("a text of a megabyte is drawn in slices that nobody feels, and typing in it goes on", async t => {
  let part = n => `## Part ${n}\n\nSome **bold** words, \`code\` and a [link](https://example.org/${n}) in a line.\n\n- one\n- [ ] two\n\n| a | b |\n|---|---|\n| ${n} | x |\n\n`
  let text = ""
  for (let n = 0; text.length < 1_000_000; n++) text += part(n)
  let server = await startServer(t)
  let eve = await browser.person(t)
  await sendAsStock(eve, server, "doc", [insertionFrame(text)])
  let anna = await browser.person(t)
  await anna.open(server, "doc")
  await anna.until(length => window.witness.text().length === length, text.length)
  // Not before: a megabyte that is still on its way would go with her.
  await eve.leave()
  let last = Number(/## Part (\d+)\n(?![^]*## Part)/.exec(text)[1])
  let drawing = await tasksOf(anna, async () => {
    await openView(anna, "Split")
    await anna.until(last => window.reader.article()?.lastElementChild?.lastElementChild?.textContent.includes(last), `${last}`)
  })
  await anna.page.locator(".cm-content").click({ position: { x: 200, y: 200 } })
  let typing = await tasksOf(anna, async () => {
    await anna.type("typing goes on while all of it is read along", 30)
    await anna.until(() => window.reader.article().firstElementChild.textContent.includes("read along"))
  })
  let report = tasks => `longest ${tasks.slice(0, 5).map(ms => ms.toFixed(0)).join(", ")} ms of ${tasks.length} tasks`
  t.diagnostic(`1 MB, CPU time of the page: drawing: ${report(drawing)}; typing: ${report(typing)}`)
  for (let tasks of [drawing, typing]) assert.ok(tasks[0] < 50, `a task of ${tasks[0]} ms can be felt`)
})
