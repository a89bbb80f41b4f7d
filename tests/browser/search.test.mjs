/**
 * Find and replace: while others write, in long texts, and with expressions that would hang a page.
 * Knows the panel's words, and nothing of how it finds.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** Somebody alone with this text. */
async function reading(t, text, options) {
  let server = await startServer(t)
  let anna = await browser.person(t, options)
  await anna.open(server, "long read")
  await anna.paste(text)
  await anna.press("Control+Home")
  return { server, anna, page: anna.page, panel: panelOf(anna) }
}

/** The parts of the panel. */
function panelOf({ page }) {
  let panel = page.locator(".cm-search")
  return {
    panel,
    find: page.getByPlaceholder("Find", { exact: true }),
    replace: page.getByPlaceholder("Replace with"),
    button: name => panel.getByRole("button", { name, exact: true }),
    /** Waits until the panel counts in these words. */
    says: words => panel.locator(".cm-search-count", { hasText: words }).waitFor(),
  }
}

function selected({ page }) {
  return page.evaluate(() => {
    let { state } = window.witness.view()
    return state.sliceDoc(state.selection.main.from, state.selection.main.to)
  })
}

test("typing finds at once, Enter goes on and round, and Escape leaves one at the match", async t => {
  let { anna, panel } = await reading(t, "one cat\ntwo Cats\nthree dogs\nfour caterpillars")
  await anna.press("Control+f")
  await anna.type("cat")
  await panel.says("1 of 3")
  assert.equal(await panel.find.inputValue(), "cat")
  await anna.press("Enter")
  await panel.says("2 of 3")
  await anna.press("Shift+Enter", "Shift+Enter")
  await panel.says("3 of 3")
  await anna.press("F3")
  await panel.says("1 of 3")
  await panel.button("Match case").click()
  await panel.says("1 of 2")
  await panel.button("Whole words").click()
  await panel.says("1 of 1")
  await panel.find.focus()
  await anna.press("Alt+w", "Alt+c")
  await panel.says("1 of 3")
  await anna.press("Escape")
  await panel.panel.waitFor({ state: "detached" })
  assert.equal(await selected(anna), "cat")
  await anna.type("dog")
  await anna.reads("one dog\ntwo Cats\nthree dogs\nfour caterpillars")
})

test("what is typed before the panel is there goes into it, and Escape means that nobody wants it any more", async t => {
  let { anna, page, panel } = await reading(t, "red green\nred blue")
  await page.route("**/assets/search-*.js", async route => {
    await held
    await route.continue()
  })
  let release
  let held = new Promise(resolve => {
    release = resolve
  })
  await anna.press("Control+f")
  await anna.type("not")
  await anna.press("Escape")
  await anna.type("in ")
  await anna.reads("in red green\nred blue")
  await anna.press("Control+f")
  await anna.type("blue")
  assert.equal(await panel.panel.count(), 0)
  release()
  await panel.says("1 of 1")
  assert.equal(await panel.find.inputValue(), "blue")
  await anna.press("Escape", "Control+Home", "Control+ArrowRight", "ArrowRight", "Control+Shift+ArrowRight", "Control+f")
  await panel.says("1 of 2")
  assert.equal(await panel.find.inputValue(), "red")
  await anna.reads("in red green\nred blue")
})

test("matches stay at their words while somebody else writes, and new ones are counted", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.paste("a cat here\na cat there")
  await ben.reads("a cat here\na cat there")
  let panel = panelOf(anna)
  await anna.press("Control+Home", "Control+f")
  await anna.type("cat")
  await panel.says("1 of 2")
  await anna.page.evaluate(() => {
    window.marked = new Set()
    let root = document.getElementById("editor").shadowRoot
    let look = () => {
      for (let mark of root.querySelectorAll(".cm-searchMatch")) window.marked.add(mark.textContent)
      requestAnimationFrame(look)
    }
    look()
  })
  await ben.press("Control+Home")
  await ben.type("catalogue: ", 30)
  await panel.says("2 of 3")
  assert.deepEqual(await anna.page.evaluate(() => [...window.marked]), ["cat"])
  assert.equal(await selected(anna), "cat")
  await ben.press("Control+End")
  await ben.press("Control+Backspace", "Control+Backspace")
  await panel.says("2 of 2")
  await anna.press("Enter")
  await panel.says("1 of 2")
})

test("replacing one goes on to the next, and each is a step of its own", async t => {
  let { anna, page, panel } = await reading(t, "cat cat cat")
  await anna.press("Control+h")
  await panel.find.fill("cat")
  await panel.says("1 of 3")
  await panel.replace.fill("catfish")
  await anna.press("Enter")
  await anna.reads("catfish cat cat")
  await anna.until(() => window.witness.view().state.selection.main.from === 8)
  await anna.press("Enter")
  await anna.reads("catfish catfish cat")
  await anna.press("Escape", "Control+z")
  await anna.reads("catfish cat cat")
  await anna.press("Control+z")
  await anna.reads("cat cat cat")
  assert.deepEqual(await page.evaluate(() => window.witness.violations), [])
})

test("a regular expression's groups are found and replaced, in the selection only", async t => {
  let { anna, panel } = await reading(t, "Ash, Anna\nBirch, Ben\nCedar, Carla")
  await anna.press("Shift+ArrowDown", "Shift+ArrowDown", "Control+Alt+f")
  await panel.button("Only in the selection").click()
  await panel.button("Regular expression").click()
  await panel.find.fill(String.raw`(\w+), (?<first>\w+)$`)
  await panel.says("1 of 2")
  await panel.replace.fill(String.raw`$<first>\t$1`)
  await panel.button("Replace all").click()
  await anna.reads("Anna\tAsh\nBen\tBirch\nCedar, Carla")
  await panel.says("2 replaced")
  await panel.replace.focus()
  await anna.press("Escape", "Control+z")
  await anna.reads("Ash, Anna\nBirch, Ben\nCedar, Carla")
})

test("what is no regular expression is said in its place, and its first half is no error any more", async t => {
  let { anna, panel } = await reading(t, "(one) (two)")
  await anna.press("Control+f")
  await panel.button("Regular expression").click()
  await panel.find.fill("(o")
  await panel.panel.getByRole("alert").filter({ hasText: "No regular expression" }).waitFor()
  assert.equal(await panel.find.getAttribute("aria-invalid"), "true")
  await panel.find.fill("(o)")
  await panel.says("1 of 2")
  assert.equal(await panel.find.getAttribute("aria-invalid"), "false")
})

test("an expression that would take for ever is given up, and never holds up the page", async t => {
  let { anna, page, panel } = await reading(t, `${"a".repeat(60)}!\nword word`)
  await anna.press("Control+f")
  await panel.button("Regular expression").click()
  await page.evaluate(() => {
    window.longest = 0
    new PerformanceObserver(list => {
      for (let { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration)
    }).observe({ type: "longtask" })
  })
  await panel.find.fill("(a+)+$")
  await panel.panel.getByRole("alert").filter({ hasText: "takes too long" }).waitFor()
  await anna.press("Escape", "Control+End")
  await anna.type("!")
  await anna.until(() => window.witness.text().endsWith("word!"))
  await anna.press("Control+f")
  await panel.find.fill(String.raw`wo\w+`)
  await panel.says("1 of 2")
  // What a busy machine makes of an ordinary task is less; the expression alone would take years.
  assert.ok((await page.evaluate(() => window.longest)) < 3_000)
})

test("ten thousand matches in a megabyte are replaced as one step, while somebody else writes", async t => {
  let { anna, ben } = await browser.meeting(t)
  let line = `the needle ${"and the hay that it lies in ".repeat(3)}`
  let before = Array.from({ length: 10_000 }, () => line).join("\n")
  await anna.paste(before)
  await ben.reads(before)
  let panel = panelOf(anna)
  await anna.press("Control+Home", "Control+Alt+f")
  await panel.find.fill("needle")
  await panel.says("1 of 10,000")
  await panel.replace.fill("pin")
  await ben.press("Control+End")
  let typing = ben.type(" and Ben writes on")
  let began = await anna.now()
  await panel.button("Replace all").click()
  await panel.says("10,000 replaced")
  t.diagnostic(`replaced in ${Math.round((await anna.now()) - began)} ms, with the test's own time`)
  await typing
  let after = `${before.replaceAll("needle", "pin")} and Ben writes on`
  for (let who of [anna, ben]) await who.reads(after)
  await panel.replace.focus()
  await anna.press("Escape", "Control+z")
  for (let who of [anna, ben]) await who.reads(`${before} and Ben writes on`)
  await anna.says("saved")
})

test("whoever may only read can find, and is offered no replacing", async t => {
  let doc = await ownedDocument(t)
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  await anna.type("a word to find")
  await anna.says("saved")
  await ben.follow((await doc.link({ role: "viewer" })).href(doc.server), "reading")
  await ben.reads("a word to find")
  let panel = panelOf(ben)
  await ben.enterText()
  await ben.press("Control+Alt+f")
  await panel.find.fill("word")
  await panel.says("1 of 1")
  assert.equal(await panel.replace.isVisible(), false)
  assert.equal(await panel.button("Show replacing").isVisible(), false)
})

test("who reads and wants to find something is shown the text as it is written, with the panel", async t => {
  let { anna, page, panel } = await reading(t, "# A title\n\nwith words")
  await page.getByRole("button", { name: "Read", exact: true }).click()
  await page.locator("codraft-preview h1").waitFor()
  await anna.choose(/^\s*Find…/)
  await anna.type("words")
  await panel.says("1 of 1")
  await anna.press("Escape")
  await anna.type("marks")
  await anna.reads("# A title\n\nwith marks")
})

test("on a phone the panel is within the screen, over the keyboard, and everything can be touched", async t => {
  let { anna, page, panel } = await reading(t, "word ".repeat(400), { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true })
  await anna.choose("Find and replace")
  await panel.find.fill("word")
  await panel.says("1 of 400")
  let [top, bottom, width] = await panel.panel.evaluate(panel => {
    let box = panel.getBoundingClientRect()
    return [box.top, box.bottom, document.scrollingElement.scrollWidth]
  })
  assert.ok(width <= 360, `the page is ${width} wide`)
  assert.ok(top > 300 && bottom <= 640, `the panel lies from ${top} to ${bottom}`)
  let small = await panel.panel.locator("button").evaluateAll(buttons =>
    buttons.filter(button => button.getBoundingClientRect().height < 32).map(button => button.title),
  )
  assert.deepEqual(small, [])
  await panel.button("Next match").tap()
  await panel.says("2 of 400")
  // The keyboard takes half of the screen.
  await page.setViewportSize({ width: 360, height: 360 })
  await anna.until(() => document.getElementById("editor").shadowRoot.querySelector(".cm-search").getBoundingClientRect().bottom <= 360)
})
