/**
 * Pictures that people bring into a text: pasted, dropped, refused, sent twice, and what the others see meanwhile.
 * Knows a server's files only as what a browser shows of them.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { ownedDocument } from "./support/links.mjs"
import { chip, dropFiles, hears, holdUploads, pastePicture, readsLike, seesPictures } from "./support/pictures.mjs"
import { file, png } from "./support/png.mjs"
import { startServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

let browser = sharedBrowser()

/** A picture in a text: its name and its address. */
const PICTURE = String.raw`!\[([^\]]*)\]\((/api/docs/[^/)]+/files/[0-9a-f]{64}\.png)\)`

test("a picture that is pasted is on the server's disk, and everybody sees it below its line", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  await anna.type("Look: ")
  await pastePicture(anna, png(60, 40))
  let [, name, path] = await readsLike(anna, new RegExp(`^Look: ${PICTURE}$`))
  assert.equal(name, "image")
  await ben.reads(await anna.text())
  await Promise.all([seesPictures(anna, 1), seesPictures(ben, 1)])
  await anna.says("saved")
  let shown = await fetch(server.origin + path)
  assert.equal(shown.headers.get("content-type"), "image/png")
  // The text around it is still a text: what is typed goes where the cursor was.
  await anna.type(" and more")
  await ben.reads(`Look: ![image](${path}) and more`)
  await anna.press("Home", "ArrowDown", "Enter")
  await anna.type("below")
  await ben.reads(`Look: ![image](${path}) and more\nbelow`)
})

test("others see a place while it comes, and may type around it and name it", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.rename("Anna Ash")
  await anna.type("one\n\ntwo")
  await ben.reads("one\n\ntwo")
  let uploads = await holdUploads(anna)
  await dropFiles(anna, [file("river otter.png")], { line: 2 })
  await uploads.asked
  await chip(anna, "Uploading river otter…").getByRole("progressbar", { name: "Uploading river otter" }).waitFor()
  let place = chip(ben, "Uploading river otter…")
  await place.waitFor()
  assert.equal(await place.getAttribute("title"), "Anna Ash is uploading this")
  assert.equal(await place.getByRole("button").count(), 0, "it is Anna's to cancel")
  await ben.goToLine(1)
  await ben.type(" and a half")
  await ben.goToLine(3)
  await ben.type("!")
  await anna.type("?")
  uploads.go()
  let picture = new RegExp(`^one and a half\n${PICTURE}\\??\ntwo!$`)
  let [text, name] = await readsLike(ben, picture)
  assert.equal(name, "river otter")
  await anna.reads(text)
  await Promise.all([seesPictures(anna, 1), seesPictures(ben, 1)])
})

test("several pictures are dropped at once, each on a line of its own, in their order", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "several")
  await anna.type("first\nsecond")
  let files = ["a", "b", "c", "d", "e"].map((name, n) => file(`${name}.png`, png(20 + n, 20)))
  await dropFiles(anna, files, { line: 1 })
  let lines = files.map(() => PICTURE).join("\n")
  let [, ...parts] = await readsLike(anna, new RegExp(`^first${lines}\nsecond$`))
  assert.deepEqual(parts.filter((_, n) => n % 2 === 0), ["a", "b", "c", "d", "e"])
  assert.equal(new Set(parts).size, 10, "each has its own address")
  await seesPictures(anna, 5)
})

test("beside the text a picture may be dropped as well: the page stays", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "beside")
  await anna.type("here: ")
  await dropFiles(anna, [file("x.png")], { selector: "header" })
  await readsLike(anna, new RegExp(`^here: ${PICTURE}$`))
})

test("what is too large, or no picture whatever it says, leaves the text as it was and says why", async t => {
  let server = await startServer(t, "--max-file", "64KiB")
  let anna = await browser.person(t)
  await anna.open(server, "refused")
  await anna.type("words")
  await dropFiles(anna, [file("photo.png", png(200, 200, [3, 5, 7], true))])
  await hears(anna, "“photo.png” was not added. The file is larger than 64.0 KiB")
  await anna.reads("words")
  await anna.page.getByRole("button", { name: "Try again" }).click()
  await hears(anna, "“photo.png” was not added.")
  await anna.reads("words")
  await dropFiles(anna, [file("liar.png", Buffer.from("<!doctype html><script>hit(1)</script>"))])
  await hears(anna, "“liar.png” was not added. This is no picture that is shown here.")
  await dropFiles(anna, [file("drawing.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "image/svg+xml")])
  await hears(anna, "“drawing.svg” cannot be shown here.")
  await anna.reads("words")
  await dropFiles(anna, [file("fits.png")])
  await readsLike(anna, new RegExp(`^words${PICTURE}$`))
})

test("who may only read adds nothing, and sees pictures by a cookie that strangers do not have", async t => {
  let doc = await ownedDocument(t)
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  await pastePicture(anna, png(60, 40))
  let [text, , path] = await readsLike(anna, new RegExp(`^${PICTURE}$`))
  await seesPictures(anna, 1)
  let link = await doc.link({ role: "viewer" })
  await ben.follow(link.href(), "reading")
  await ben.reads(text)
  await seesPictures(ben, 1)
  // Whoever only reads sees the text as it reads, picture and all.
  await ben.page.getByRole("img", { name: "image" }).waitFor()
  await ben.enterText()
  await pastePicture(ben, png(10, 10))
  await hears(ben, "You can only read this document")
  await dropFiles(ben, [file("x.png")])
  await ben.reads(text)
  let status = who => who.page.evaluate(path => fetch(path, { cache: "no-store" }).then(({ status }) => status), path)
  assert.deepEqual([await status(anna), await status(ben), (await fetch(doc.server.origin + path)).status], [200, 200, 401])
  assert.equal(await ben.page.evaluate(() => document.cookie), "")
  let cookies = await ben.context.cookies(doc.server.origin + path)
  assert.deepEqual(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite]), [[true, "Strict"]])
  assert.deepEqual(await ben.context.cookies(doc.server.origin), [])
  await doc.revoke(link)
  await ben.says("refused")
  assert.equal(await status(ben), 401)
})

test("offline a picture is kept to be sent later, and the text stays as it is", async t => {
  let server = await startServer(t)
  let wire = await layWire(t, server)
  let anna = await browser.person(t)
  await anna.open(wire, "offline")
  await anna.type("words ")
  await anna.says("saved")
  await wire.cut()
  await anna.until(() => window.witness.state() !== "saved")
  await pastePicture(anna, png(60, 40))
  await hears(anna, "You are offline, so the picture could not be sent. Your text is kept.")
  await anna.reads("words ")
  await wire.mend()
  // It may be back already; then there is nothing to press.
  await anna.page.locator("#retry").dispatchEvent("click")
  await anna.says("saved")
  await anna.page.getByRole("button", { name: "Try again" }).click()
  await readsLike(anna, new RegExp(`^words ${PICTURE}$`))
  await seesPictures(anna, 1)
})

test("what breaks off leaves nothing behind, and can be sent again to where it was to go", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("one\ntwo")
  let uploads = await holdUploads(anna)
  await dropFiles(anna, [file("otter.png")], { line: 1 })
  await uploads.asked
  await chip(ben, "Uploading otter…").waitFor()
  await ben.goToLine(2)
  await ben.type(" more")
  uploads.fail()
  await hears(anna, "“otter.png” was not added. The server could not be reached.")
  await ben.reads("one\ntwo more")
  await ben.press("Control+Home")
  await ben.type("zero ")
  await anna.reads("zero one\ntwo more")
  await uploads.stop()
  await anna.page.getByRole("button", { name: "Try again" }).click()
  await readsLike(ben, new RegExp(`^zero one${PICTURE}\ntwo more$`))
})

test("who reloads while a picture comes leaves a place that everybody sees as such, and can remove", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("words ")
  let uploads = await holdUploads(anna)
  await pastePicture(anna, png(60, 40))
  await uploads.asked
  await anna.says("saved")
  await chip(ben, "Uploading image…").waitFor()
  await anna.page.goto("about:blank")
  let left = chip(ben, "image: the upload was not finished")
  await left.waitFor()
  await left.getByRole("button", { name: "Remove the place of image" }).click()
  await ben.reads("words ")
})

test("who cancels, or deletes the place, or undoes it, gets no picture", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "cancelled")
  await anna.type("words ")
  await anna.says("saved")
  let uploads = await holdUploads(anna)
  let place = chip(anna, "Uploading image…")
  for (let cancel of [
    () => place.getByRole("button", { name: "Cancel the upload of image" }).click(),
    () => anna.press("Backspace"),
    () => anna.press("Control+z"),
  ]) {
    await pastePicture(anna, png(60, 40))
    await place.waitFor()
    await cancel()
    await anna.reads("words ")
    await place.waitFor({ state: "detached" })
  }
  uploads.go()
  await anna.type("only")
  await anna.says("saved")
  await anna.reads("words only")
  assert.equal(await anna.page.locator("#notice p").count(), 0)
})

test("a picture is undone and done again as one thing, or shows what it was where it is not", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "undone")
  await anna.type("words ")
  await pastePicture(anna, png(60, 40))
  let [text] = await readsLike(anna, new RegExp(`^words ${PICTURE}$`))
  await anna.press("Control+z")
  await anna.reads("words ")
  await anna.press("Control+y")
  await anna.reads(text)
  // With something typed in between there are two steps.
  let uploads = await holdUploads(anna)
  await pastePicture(anna, png(61, 41))
  await uploads.asked
  await anna.type(" typed")
  await anna.says("saved")
  uploads.go()
  let [two] = await readsLike(anna, new RegExp(`^words ${PICTURE}${PICTURE} typed$`))
  await anna.press("Control+z")
  let place = anna.page.locator(".cm-upload-undone")
  await place.getByRole("button", { name: "Insert image" }).click()
  await anna.reads(two)
})

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

test("on a phone a picture is chosen from the menu, and pictures can be hidden from the text", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t, PHONE)
  let { page } = anna
  await anna.open(server, "phone")
  await anna.enterText()
  await anna.type("From the garden: ")
  let item = name => page.getByRole("menu").getByText(name, { exact: true })
  await page.getByRole("button", { name: "Menu" }).tap()
  let [chooser] = await Promise.all([page.waitForEvent("filechooser"), item("Insert image…").tap()])
  assert.ok(chooser.isMultiple())
  let accepts = await chooser.element().evaluate(input => input.accept)
  assert.equal(accepts, "image/png,image/jpeg,image/gif,image/webp,image/avif")
  await chooser.setFiles([file("IMG_2041.png", png(400, 300))])
  let [text, name] = await readsLike(anna, new RegExp(`^From the garden: ${PICTURE}$`))
  assert.equal(name, "IMG 2041")
  await seesPictures(anna, 1)
  // The button above the keyboard leads to the same.
  let button = page.getByRole("toolbar").getByRole("button", { name: "Insert image…" })
  await button.scrollIntoViewIfNeeded()
  await Promise.all([page.waitForEvent("filechooser"), button.tap()])
  await anna.reads(text)
  let width = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.equal(width, 390, "the page does not scroll sideways")
  await page.getByRole("button", { name: "Menu" }).tap()
  await item("Show images in the text").tap()
  await page.locator(".cm-picture").waitFor({ state: "detached" })
  await anna.reads(text)
  await page.reload()
  await anna.says("saved")
  await anna.reads(text)
  assert.equal(await page.locator(".cm-picture").count(), 0)
})

test("the cursor goes past a picture line by line, and the address is one step", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "cursor")
  await anna.type("above\n\nbelow")
  await dropFiles(anna, [file("x.png", png(300, 200))], { line: 2 })
  let [text] = await readsLike(anna, new RegExp(`^above\n${PICTURE}\nbelow$`))
  await seesPictures(anna, 1)
  await anna.press("Control+Home", "ArrowDown", "ArrowDown")
  assert.deepEqual(await anna.selection(), [text.length - 5, text.length - 5])
  await anna.press("ArrowUp", "ArrowUp")
  assert.deepEqual(await anna.selection(), [0, 0])
  await anna.press("ArrowDown", "End", "ArrowLeft", "ArrowLeft")
  let before = text.indexOf("/api/docs/")
  assert.deepEqual(await anna.selection(), [before, before])
  await anna.press("End", "Shift+Home", "Delete")
  await anna.reads("above\n\nbelow")
  await anna.press("Control+End", "Enter")
  await anna.type("typed where the cursor is")
  await anna.reads("above\n\nbelow\ntyped where the cursor is")
})

test("a photo is sent without what the camera has noted; one that is broken says so in its place", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "photo")
  let place = "Exif\0\0MM\0*\0\0\0\b\0\0 48.2 N 16.4 E"
  let notes = Buffer.concat([Buffer.from([0xff, 0xe1, 0, place.length + 2]), Buffer.from(place, "latin1")])
  let broken = Buffer.concat([Buffer.from([0xff, 0xd8]), notes, Buffer.from([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9])])
  await dropFiles(anna, [file("photo.jpg", broken, "image/jpeg")])
  let [, path] = await readsLike(anna, /^!\[photo\]\((.*\.jpg)\)$/)
  await anna.page.locator(".cm-picture").filter({ hasText: "This picture cannot be shown." }).waitFor()
  let kept = Buffer.from(await (await fetch(server.origin + path)).arrayBuffer())
  assert.equal(kept.length, broken.length - notes.length)
  assert.ok(!kept.includes("48.2 N"))
})

test("where the text is not Markdown a picture is its address alone", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "notes.txt")
  await anna.type("see ")
  let uploads = await holdUploads(anna)
  await pastePicture(anna, png(60, 40))
  await uploads.asked
  await chip(anna, "Uploading image…").waitFor()
  uploads.go()
  let address = String.raw`^see ${server.origin}/api/docs/notes\.txt/files/[0-9a-f]{64}\.png$`
  await readsLike(anna, new RegExp(address))
  assert.equal(await anna.page.locator(".cm-picture").count(), 0)
})
