/**
 * The outline beside the text: what it lists, where it leads, how it follows others' edits.
 * Knows the editor's text, and nothing of the network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

const TEXT = `# Garden

Words.

## Beds

${"Some words about it. \n\n".repeat(40)}
### South

More.

## Water

End.`

async function withOutline(t, options) {
  let server = await startServer(t)
  let anna = await browser.person(t, options)
  await anna.context.addInitScript(addListing)
  await anna.open(server, "outline")
  await anna.paste(TEXT)
  await anna.says("saved")
  await open(anna)
  return { server, anna, page: anna.page }
}

/** Opens it by its name, once that is there. */
async function open(who) {
  await who.page.locator("codraft-foot .words").waitFor({ state: "attached" })
  await who.choose("Outline")
  await who.page.locator("codraft-outline").waitFor()
}

/** Waits until the outline lists exactly these, each as its level and words. */
async function lists(who, expected) {
  let same = who.until(expected => JSON.stringify(window.listed()) === JSON.stringify(expected), expected)
  await same.catch(async error => assert.deepEqual(await who.page.evaluate(() => window.listed()), expected, error))
}

/** Runs in every page: what the outline lists. */
function addListing() {
  window.listed = () => {
    let items = document.querySelector("codraft-outline")?.shadowRoot?.querySelectorAll('[role="treeitem"]') ?? []
    return [...items].map(item => `${item.ariaLevel} ${item.querySelector(".words").textContent}`)
  }
}

/** Waits until this heading is marked as the one that is being read. */
function marks(who, words) {
  return who.until(words => {
    let current = document.querySelector("codraft-outline").shadowRoot.querySelector('[aria-current="true"]')
    return current?.querySelector(".words").textContent === words
  }, words)
}

test("headings are listed as a tree, one leads to its place, and the one that is read is marked", async t => {
  let { anna, page } = await withOutline(t)
  await lists(anna, ["1 Garden", "2 Beds", "3 South", "2 Water"])
  // Beside the outline the text is narrower, and its end may have gone out of sight.
  await anna.enterText()
  await anna.press("Control+End")
  await marks(anna, "Water")
  await page.getByRole("treeitem", { name: "Beds" }).click()
  await anna.until(words => window.witness.showsLine(words), "## Beds")
  await marks(anna, "Beds")
  await anna.type("!")
  await lists(anna, ["1 Garden", "2 Beds!", "3 South", "2 Water"])
  await page.evaluate(() => {
    let { scrollDOM } = window.witness.view()
    scrollDOM.scrollTop = scrollDOM.scrollHeight
  })
  await anna.until(words => !window.witness.showsLine(words), "## Beds!")
  await anna.until(() => {
    let current = document.querySelector("codraft-outline").shadowRoot.querySelector('[aria-current="true"]')
    return current && !current.textContent.includes("Garden")
  })
})

test("it follows what somebody else writes, and what is undone", async t => {
  let { server, anna } = await withOutline(t)
  let ben = await browser.person(t)
  await ben.open(server, "outline")
  await ben.press("Control+End")
  await ben.type("\n\n## Ben's **part**\n\ntext")
  await lists(anna, ["1 Garden", "2 Beds", "3 South", "2 Water", "2 Ben's part"])
  await anna.enterText()
  await anna.press("Control+Home", "Control+Shift+End", "Delete")
  await anna.type("Title\n===\n\n```\n# code\n```\n")
  await lists(anna, ["1 Title"])
})

test("its tree is walked, folded and left with keys alone", async t => {
  let { anna, page } = await withOutline(t)
  let focused = () =>
    page.evaluate(() => {
      let at = document.activeElement?.shadowRoot?.activeElement
      return at?.querySelector(".words")?.textContent ?? at?.className
    })
  await lists(anna, ["1 Garden", "2 Beds", "3 South", "2 Water"])
  await anna.press("Home", "ArrowRight", "ArrowRight")
  assert.equal(await focused(), "South")
  await anna.press("ArrowLeft")
  assert.equal(await focused(), "Beds")
  await anna.press("ArrowLeft")
  await lists(anna, ["1 Garden", "2 Beds", "2 Water"])
  await anna.press("ArrowRight")
  await lists(anna, ["1 Garden", "2 Beds", "3 South", "2 Water"])
  await anna.press("s")
  assert.equal(await focused(), "South")
  await anna.press("Enter")
  await anna.until(words => window.witness.showsLine(words), "### South")
  await anna.type("!")
  await lists(anna, ["1 Garden", "2 Beds", "3 South!", "2 Water"])
  await anna.press("Control+Alt+o")
  await page.locator("codraft-outline").waitFor({ state: "detached" })
})

test("the end of a long text is listed, too, though nobody has scrolled there", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "long")
  let parts = Array.from({ length: 1_500 }, (_, i) => `## Part ${i}\n\n${"Some words. ".repeat(30)}\n`)
  await anna.paste(parts.join("\n"))
  await anna.says("saved")
  await anna.page.reload()
  await anna.says("saved")
  await open(anna)
  await anna.until(() => {
    let items = document.querySelector("codraft-outline").shadowRoot.querySelectorAll('[role="treeitem"]')
    return items.length === 1_500
  })
})

test("it is open again on the next visit, and closed on the one after it was closed", async t => {
  let { anna, page } = await withOutline(t)
  await page.reload()
  await lists(anna, ["1 Garden", "2 Beds", "3 South", "2 Water"])
  await page.getByRole("button", { name: "Close the outline" }).click()
  await page.locator("codraft-outline").waitFor({ state: "detached" })
  await page.reload()
  await page.locator("codraft-foot .words").waitFor()
  assert.equal(await page.locator("codraft-outline").count(), 0)
})

test("on a phone it is a drawer that goes when a heading is chosen, or something beside it is touched", async t => {
  let { anna, page } = await withOutline(t, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  let drawer = page.locator("codraft-outline")
  let box = await drawer.boundingBox()
  assert.ok(box.width < 360 && box.height > 800, JSON.stringify(box))
  await page.getByRole("treeitem", { name: "Beds" }).tap()
  await drawer.waitFor({ state: "detached" })
  await anna.until(words => window.witness.showsLine(words), "## Beds")
  await open(anna)
  await page.touchscreen.tap(375, 500)
  await drawer.waitFor({ state: "detached" })
})
