/**
 * What axe-core finds wrong for people who use the keyboard, a screen reader or poor eyes: nothing, on no screen, light or dark.
 * Knows how each screen is reached, not what is on it.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { makeDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

const TEXT = `# Plan

Some **bold** and *soft* words, ~~struck~~, \`code\` and a [link](https://example.org).

- [x] done
- [ ] to do

> said

| a | b |
| - | - |
| 1 | 2 |

\`\`\`js
let x = "y" // z
\`\`\`
`

/** Each screen of a document's page, by how one gets there from the text and leaves again. */
const SCREENS = {
  "the text": async () => {},
  "the text beside how it reads": anna => anna.press("Control+Shift+d"),
  "how it reads": anna => anna.press("Control+Shift+f"),
  "the menu": anna => anna.page.getByRole("button", { name: "Menu" }).click(),
  "the palette": anna => anna.press("F1"),
  "find and replace": anna => anna.press("Control+h"),
  "the settings": anna => anna.press("Control+,"),
  "the shortcuts": anna => anna.choose(/Keyboard shortcuts/),
  "the outline": anna => anna.press("Control+Alt+o"),
  sharing: anna => anna.page.locator("#share").click(),
  oneself: anna => anna.page.locator("#own-avatar").click(),
}

/** What has letters for a picture. */
const SYMBOLS = /class="avatar|data-id="format.heading"/

let browser = sharedBrowser()

for (let colorScheme of ["light", "dark"])
  for (let [size, screen] of Object.entries({
    wide: { viewport: { width: 1280, height: 800 } },
    "on a phone": { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  })) {
    test(`a document's screens, ${size}, ${colorScheme}`, async t => {
      let { server, anna, ben } = await together(t, { ...screen, colorScheme })
      for (let [name, reach] of Object.entries(SCREENS)) {
        await anna.open(server, "plan")
        await anna.enterText()
        await reach(anna)
        // A face under the mouse is larger than it is, and covers the next one.
        await anna.page.mouse.move(5, 600)
        await settled(anna)
        await t.test(name, async () => assert.deepEqual(await faults(anna), []))
      }
      assert.deepEqual(await ben.complaints(), [])
    })

    test(`the start page, ${size}, ${colorScheme}`, async t => {
      let server = await startServer(t)
      let anna = await browser.person(t, { ...screen, colorScheme })
      await anna.page.goto(server.origin)
      assert.deepEqual(await faults(anna), [], "with nothing in it")
      await anna.open(server, "plan")
      await anna.type("# Plan")
      await anna.says("saved")
      await anna.page.goto(server.origin)
      await anna.page.locator(".recent-link").first().waitFor()
      assert.deepEqual(await faults(anna), [], "with a document")
    })

    test(`the page for frames, ${size}, ${colorScheme}`, async t => {
      let { server, anna } = await together(t, { ...screen, colorScheme })
      for (let view of ["write", "read"]) {
        await anna.page.goto(`${server.origin}/embed/plan?toolbar=1&view=${view}`)
        await anna.says("saved")
        await anna.page.locator(view === "read" ? "codraft-preview h1" : "codraft-view-switch").waitFor()
        await anna.page.locator("#above codraft-toolbar").waitFor({ state: "attached" })
        await settled(anna)
        assert.deepEqual(await faults(anna), [], view)
      }
    })

    test(`where one may not enter, ${size}, ${colorScheme}`, async t => {
      let server = await startServer(t, "--access", "links")
      let owner = await makeDocument(server, "closed")
      assert.ok(owner)
      let anna = await browser.person(t, { ...screen, colorScheme })
      await anna.page.goto(server.page("closed"))
      await anna.page.locator("#closed").waitFor()
      assert.deepEqual(await faults(anna), [])
    })
  }

test("a page with a fault is noticed by these tests", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "plan")
  await anna.page.evaluate(() => document.body.prepend(document.createElement("button")))
  assert.match(String(await faults(anna)), /button-name/)
})

/** Two people in a document with something of everything. */
async function together(t, options) {
  let server = await startServer(t)
  let put = await fetch(`${server.origin}/api/docs/plan/text`, { method: "PUT", body: TEXT })
  assert.equal(put.status, 201)
  let [anna, ben] = [await browser.person(t, options), await browser.person(t)]
  await ben.open(server, "plan")
  await ben.enterText()
  return { server, anna, ben }
}

/** Waits until nothing on the page is on its way: what fades in has no contrast yet. */
async function settled(anna) {
  await anna.page.evaluate(async () => {
    let moving = () => document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
    do {
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      await Promise.allSettled(moving().map(({ finished }) => finished))
    } while (moving().length)
  })
}

/**
 * What axe finds that hinders anybody seriously, each as a line. The letters on a face stand for its name, and "H1" for a
 * heading's level: they are symbols.
 */
async function faults(anna) {
  await anna.page.evaluate(AXE)
  let { violations } = await anna.page.evaluate(tags => window.axe.run(document, { runOnly: tags }), TAGS)
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(node => ({ id, ...node })))
    .filter(({ id, html }) => id !== "label-content-name-mismatch" || !SYMBOLS.test(html))
    .map(({ id, target, failureSummary }) => `${id}: ${target.flat()} ${failureSummary}`)
}
