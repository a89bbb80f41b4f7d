/**
 * What people take along from a document: files, copies, paper.
 * Knows what is in them, and not who makes them.
 */
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { settles } from "./support/device.mjs"
import { pastePicture, readsLike } from "./support/pictures.mjs"
import { png } from "./support/png.mjs"
import { openView, read } from "./support/reader.mjs"
import { startServer } from "./support/server.mjs"

const TEXT = `# Plan: spring/summer

Some **bold** words, [a link](https://example.org/a) & <b>no markup</b>.

- [x] done
- [ ] open

| a | b |
| --- | --- |
| 1 | 2 |

$x^2$

![a map](https://pictures.example.org/map.png)

\`\`\`mermaid
flowchart LR
  A[Rain] --> B[Butt]
\`\`\`
`

let browser = sharedBrowser()

async function writer(t, text = TEXT) {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "doc")
  await anna.paste(text)
  await anna.says("saved")
  return { server, anna }
}

/** Takes an entry of the menu. */
async function choose(who, name) {
  await who.page.locator("codraft-menu").getByRole("button").click()
  await who.page.getByRole("menuitem", { name }).click()
}

/** The file that an entry of the menu makes: its name, and what is in it. */
async function download(who, name) {
  let coming = who.page.waitForEvent("download")
  await choose(who, name)
  let file = await coming
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8"), path: await file.path() }
}

test("as Markdown it is the text to the letter", async t => {
  let { anna } = await writer(t)
  let file = await download(anna, "Download as Markdown")
  assert.equal(file.name, "Plan spring summer.md")
  assert.equal(file.text, TEXT)
})

test("as plain text it has the words without their marks", async t => {
  let { anna } = await writer(t)
  let file = await download(anna, "Download as plain text")
  assert.equal(file.name, "Plan spring summer.txt")
  assert.match(file.text, /^Plan: spring\/summer\n\nSome bold words, a link \(https:\/\/example.org\/a\) & <b>no markup<\/b>\.\n\n- \[x\] done\n- \[ \] open\n\na\tb\n1\t2\n\nx\^2\n/)
})

test("as a web page it stands alone: no server is asked, nothing runs, and it looks as it did", async t => {
  let { server, anna } = await writer(t)
  let file = await download(anna, "Download as a web page")
  assert.equal(file.name, "Plan spring summer.html")
  await server.kill()
  let ben = await browser.person(t)
  let asked = []
  ben.page.on("request", request => asked.push(request.url()))
  await ben.page.setContent(file.text)
  let { page } = ben
  assert.equal(await page.title(), "Plan: spring/summer")
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Plan: spring/summer")
  assert.equal(await page.getByRole("checkbox").first().isChecked(), true)
  assert.equal(await page.locator("math msup").count(), 1)
  assert.equal(await page.getByText("<b>no markup</b>").count(), 1)
  assert.equal(await page.locator("script, link, iframe").count(), 0)
  assert.equal(await page.getByRole("link", { name: "a map" }).getAttribute("href"), "https://pictures.example.org/map.png")
  let [image] = await page.locator(".diagram img").all()
  assert.match(await image.getAttribute("src"), /^data:image\/svg\+xml;base64,/)
  await page.waitForFunction(() => document.querySelector(".diagram img").naturalWidth > 50)
  let width = await page.locator("article").evaluate(article => getComputedStyle(article).maxWidth)
  assert.equal(width, "736px")
  assert.deepEqual(asked.filter(url => !url.startsWith("data:")), [])
})

test("the document's own images are to be seen where it is read, and are in the page that is taken along", async t => {
  let { server, anna } = await writer(t, "# Map\n\n")
  await anna.press("Control+End")
  await pastePicture(anna, png(60, 40))
  await readsLike(anna, /!\[[^\]]*\]\(\/api\/docs\/doc\/files\/[^)]+\)/)
  await anna.says("saved")
  await openView(anna, "Read")
  await anna.until(() => window.reader.article().querySelector("img")?.naturalWidth === 60)
  let file = await download(anna, "Download as a web page")
  await server.kill()
  let ben = await browser.person(t)
  await ben.page.setContent(file.text)
  await ben.page.waitForFunction(() => document.querySelector("img").naturalWidth === 60)
  assert.match(await ben.page.locator("img").getAttribute("src"), /^data:image\/png;base64,/)
})

test("a copy with its look is HTML and the words beside it", async t => {
  let { anna } = await writer(t)
  await choose(anna, "Copy as rich text")
  await anna.page.locator("#notice").getByText("Copied").waitFor()
  let copied = await anna.page.evaluate(async () => {
    let [item] = await navigator.clipboard.read()
    let read = async type => (await item.getType(type)).text()
    return { html: await read("text/html"), plain: await read("text/plain") }
  })
  assert.match(copied.html, /<h1[^>]*>Plan: spring\/summer<\/h1>/)
  assert.match(copied.html, /<strong>bold<\/strong>/)
  assert.match(copied.html, /☑ done/)
  assert.doesNotMatch(copied.html, /<input|<script|class="task/)
  assert.match(copied.plain, /^Plan: spring\/summer\n\nSome bold words/)
  await anna.press("F1")
  await anna.page.getByRole("combobox").waitFor()
  await anna.type("copy as markdown")
  await anna.press("Enter")
  await settles(anna, async text => (await navigator.clipboard.readText()) === text, TEXT)
})

test("whichever view is on, the text is printed as it reads, and all of it", async t => {
  let parts = Array.from({ length: 150 }, (_, n) => `## Part ${n}\n\nwords of **part ${n}**\n`)
  let { anna } = await writer(t, parts.join("\n"))
  let { page } = anna
  await page.evaluate(() => {
    window.print = () => {
      window.printed = (window.printed ?? 0) + 1
    }
  })
  for (let view of ["Write", "Split", "Read"]) {
    if (view !== "Write") await openView(anna, view)
    await anna.press("Control+p")
    await anna.until(view => window.printed === view, ["Write", "Split", "Read"].indexOf(view) + 1)
    await page.emulateMedia({ media: "print", colorScheme: "dark" })
    let besides = await page.evaluate(() => [...document.body.children].filter(child => child.checkVisibility()).map(child => child.className))
    assert.deepEqual(besides, ["workspace"])
    assert.equal(await page.locator(".cm-content").isVisible(), false)
    assert.equal(await read(anna).getByRole("heading", { name: "Part 149" }).isVisible(), true)
    assert.equal(await read(anna).locator("strong").count(), 150)
    let ink = await read(anna).locator("article").evaluate(article => getComputedStyle(article).color)
    assert.equal(ink, "rgb(0, 0, 0)", "dark on paper, whatever the screen is")
    let { height } = await read(anna).boundingBox()
    assert.ok(height > 5_000, `${height} pixels are printed`)
    await page.emulateMedia({ media: null, colorScheme: null })
  }
})

test("by the browser's own menu there are at least all words on paper", async t => {
  let { anna } = await writer(t, `# First\n\n${"line\n".repeat(400)}last`)
  await anna.page.emulateMedia({ media: "print" })
  await anna.page.evaluate(() => window.dispatchEvent(new Event("beforeprint")))
  assert.match(await anna.page.locator(".printed").innerText(), /^# First[^]*last$/)
  assert.equal(await anna.page.locator(".cm-content").isVisible(), false)
  await anna.page.evaluate(() => window.dispatchEvent(new Event("afterprint")))
  await anna.page.emulateMedia({ media: null })
  assert.equal(await anna.page.locator(".printed").count(), 0)
  assert.equal(await anna.page.locator(".cm-content").isVisible(), true)
})
