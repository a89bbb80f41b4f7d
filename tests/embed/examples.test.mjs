/**
 * The pages of `examples/` that show the package, as somebody who tries them would have them.
 * Knows what each is to show.
 */
import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { atEnd } from "../browser/support/ending.mjs"
import { startServer } from "../browser/support/server.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { examples } from "./support/builds.mjs"
import { openSite } from "./support/site.mjs"

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url))
const PAGES = readdirSync(EXAMPLES).filter(name => /^embed-.*\.html$/.test(name))
const BUNDLED = PAGES.filter(name => name !== "embed-standalone.html")

let browser = sharedBrowser()
let folder
before(async () => {
  folder = await examples(BUNDLED)
})
after(() => folder && rm(folder, { recursive: true }))

/** Two people at a page of the examples. */
async function two(t, page, visitor = {}) {
  let site = await openSite(t, folder)
  let server = await startServer(t, "--allow-origin", site.origin)
  let people = [await browser.page(t, visitor), await browser.page(t, visitor)]
  for (let one of people) await one.open(`${site.origin}/${page}?server=${server.origin}&doc=tried`)
  return [...people, server]
}

async function stored(server) {
  return (await fetch(`${server.origin}/api/docs/tried/text`)).text()
}

test("each is short, and says how it is run", () => {
  assert.equal(PAGES.length, 6)
  for (let page of PAGES) {
    let lines = readFileSync(join(EXAMPLES, page), "utf8").split("\n")
    assert.ok(lines.length <= 41, `${page} has ${lines.length} lines`)
    assert.match(lines.slice(0, 4).join(" "), /--allow-origin.*cargo xtask package/, page)
  }
})

test("the element shows who is here, the headings and the status beside it", async t => {
  let [ann, ben] = await two(t, "embed-element.html")
  await ann.ready()
  await ben.ready()
  await ann.type("# A heading")
  await ben.reads("# A heading")
  await ben.page.locator("codraft-outline [role=treeitem]").filter({ hasText: "A heading" }).waitFor()
  await ann.page.locator("header codraft-status").filter({ hasText: "Saved" }).waitFor()
  await ann.until(() => document.querySelector("header codraft-presence").shadowRoot.querySelector("codraft-people")?.others.length === 1)
})

test("a CodeMirror of one's own writes in the document", async t => {
  let [ann, ben] = await two(t, "embed-codemirror.html")
  await ann.page.locator("#status").filter({ hasText: "Saved" }).waitFor()
  await ann.page.locator(".cm-content").click()
  await ann.page.keyboard.type("from CodeMirror")
  await ben.page.locator(".cm-line").filter({ hasText: "from CodeMirror" }).waitFor()
})

test("React counts the words that somebody else writes", async t => {
  let [ann, ben] = await two(t, "embed-react.html")
  await ann.ready()
  await ben.ready()
  await ann.type("three words here")
  await ben.page.locator("p").filter({ hasText: "3 words" }).waitFor()
})

test("the form is sent when its text is saved", async t => {
  // It leads to the page as it is without being told of a server.
  let [ann, , server] = await two(t, "embed-form.html", { expects: ["codraft: "] })
  await ann.ready()
  await ann.type("to be sent")
  await ann.page.getByRole("button", { name: "Send" }).click()
  await ann.page.waitForURL(/notes=to\+be\+sent/)
  assert.equal(await stored(server), "to be sent")
})

test("a session without an editor reads, sees who is here, and signs", async t => {
  let [ann, ben, server] = await two(t, "embed-session.html")
  await ben.page.locator("#people").filter({ hasText: "Guest" }).waitFor()
  await ann.page.getByRole("button").click()
  await ann.page.locator("button").filter({ hasText: "Signed, and saved" }).waitFor()
  await ben.page.locator("#text").filter({ hasText: "Signed, " }).waitFor()
  assert.match(await stored(server), /\nSigned, /)
})

test("without a bundler one file and one tag are enough", async t => {
  let place = await mkdtemp(join(tmpdir(), "codraft-embed-"))
  atEnd(t, () => rm(place, { recursive: true }))
  await copyFile(join(EXAMPLES, "embed-standalone.html"), join(place, "index.html"))
  let site = await openSite(t, place)
  let server = await startServer(t, "--allow-origin", site.origin)
  let ann = await browser.page(t, { expects: ["codraft: Nothing answers"] })
  await ann.open(site.origin)
  await ann.page.evaluate(server => document.querySelector("codraft-editor").setAttribute("server", server), server.origin)
  await ann.ready()
  await ann.type("one file")
  await ann.page.locator("codraft-toolbar").waitFor()
})
