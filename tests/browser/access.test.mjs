/**
 * What people may do with a document that they reach by a link: read, write, or nothing at all, and what they see when that
 * changes while they have it open.
 * Knows the links from outside; the dialog that makes them has a file of its own.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { App, paragraph } from "./support/app.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

let browser = sharedBrowser()

/** The owner Anna, and Ben with a link of this kind, both in the document; the owner has written a line. */
async function shared(t, wish, door) {
  let doc = await ownedDocument(t)
  let link = await doc.link(wish)
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(doc.owner())
  await anna.type("Anna's line")
  await anna.says("saved")
  let wire = door && (await layWire(t, doc.server))
  await ben.follow(link.href(wire), wish.role === "viewer" ? "reading" : "saved")
  await ben.reads("Anna's line")
  return { doc, link, anna, ben, wire }
}

/** Waits until the words over the text begin like this. */
function noticed(who, words) {
  return who.until(words => document.getElementById("notice").textContent.startsWith(words), words)
}

/** Waits until exactly these people are among the faces beside one's own. */
function others(who, names) {
  return who.until(names => JSON.stringify(window.witness.others()) === names, JSON.stringify(names.toSorted()))
}

function isReadOnly(who) {
  return who.page.locator(".cm-content").getAttribute("aria-readonly")
}

test("who may view reads along and is seen, and nothing they type is in anybody's text", async t => {
  let { anna, ben } = await shared(t, { role: "viewer" })
  await ben.rename("Ben Birch")
  await others(anna, ["Ben Birch"])
  await ben.type("not for me to write")
  await ben.press("Enter", "Backspace", "Control+z", "Tab")
  assert.equal(await isReadOnly(ben), "true")
  await anna.press("End")
  await anna.type(", and more")
  await ben.reads("Anna's line, and more")
  assert.equal(await ben.page.locator("#status").innerText(), "Read only")
  assert.deepEqual(await ben.states().then(states => states.filter(({ state }) => state === "saved")), [])
})

test("a right that grows and shrinks takes effect in the page that is open", async t => {
  let { doc, link, anna, ben } = await shared(t, { role: "viewer" })
  await ben.page.evaluate(() => Object.assign(window, { never: "reloaded" }))
  await doc.change(link, { role: "editor" })
  await ben.says("saved")
  await ben.enterText()
  await ben.press("End")
  await ben.type(" and Ben's")
  await anna.reads("Anna's line and Ben's")
  await ben.says("saved")
  await doc.change(link, { role: "viewer" })
  await ben.says("reading")
  await ben.type(", but not this")
  await anna.type("!")
  await ben.until(() => window.witness.text().includes("!"))
  assert.doesNotMatch(await ben.text(), /not this/)
  assert.equal(await ben.page.locator("#notice").innerText(), "")
  assert.equal(await ben.page.evaluate(() => window.never), "reloaded")
})

test("words that were under way when the right to write went are called unsaved, can be copied, and are not lost", async t => {
  let { doc, link, anna, ben, wire } = await shared(t, { role: "editor" }, "wire")
  await ben.press("Control+End")
  wire.swallow()
  await ben.type(", lost words")
  await doc.change(link, { role: "viewer" })
  await ben.says("notsaved")
  await noticed(ben, "You can only read this document now.")
  await ben.page.getByRole("button", { name: "Copy the text" }).click()
  await ben.page.getByRole("button", { name: "Copied" }).waitFor()
  assert.equal(await ben.page.evaluate(() => navigator.clipboard.readText()), "Anna's line, lost words")
  let said = await ben.now()
  await wire.mend()
  await ben.says("notsaved")
  assert.deepEqual((await ben.states(said)).filter(({ state }) => state === "saved"), [])
  await doc.change(link, { role: "editor" })
  await ben.says("saved")
  await anna.reads("Anna's line, lost words")
  await ben.until(() => document.getElementById("notice").textContent === "")
})

test("whoever loses their link while they type is out within a second", async t => {
  let { doc, link, anna, ben } = await shared(t, { role: "editor" })
  await ben.press("Control+End")
  let typing = ben.type(" and Ben's, which he goes on writing all the while", 20)
  await ben.until(() => window.witness.text().includes("Ben's"))
  let revoked = Date.now()
  await doc.revoke(link)
  await typing
  await ben.says("refused")
  let out = (await ben.states()).find(({ state }) => state === "refused")
  let took = (await ben.page.evaluate(() => performance.timeOrigin)) + out.at - revoked
  assert.ok(took < 1_000, `it took ${took} ms`)
  assert.match(out.text, /^Access removed/)
  assert.equal(await isReadOnly(ben), "true")
  await others(anna, [])
})

test("what somebody wrote last, when their link was revoked, is called unsaved and can be copied", async t => {
  let { doc, link, anna, ben, wire } = await shared(t, { role: "editor" }, "wire")
  await ben.press("Control+End")
  await ben.type(" and Ben's")
  await anna.reads("Anna's line and Ben's")
  wire.swallow()
  await ben.type(", the last words of which get lost")
  await doc.revoke(link)
  await ben.says("refused")
  assert.equal(await ben.page.locator("#status").innerText(), "Access removed · your last words may not be saved")
  await noticed(ben, "You can no longer open this document.")
  let shown = "Anna's line and Ben's, the last words of which get lost"
  await ben.reads(shown)
  await ben.page.getByRole("button", { name: "Copy the text" }).click()
  await ben.page.getByRole("button", { name: "Copied" }).waitFor()
  assert.equal(await ben.page.evaluate(() => navigator.clipboard.readText()), shown)
  assert.equal(await anna.text(), "Anna's line and Ben's")
})

test("a reader whose link is revoked is told, and still has the text before them", async t => {
  let { doc, link, ben } = await shared(t, { role: "viewer" })
  await doc.revoke(link)
  await ben.says("refused")
  assert.equal(await ben.page.locator("#status").innerText(), "Access removed")
  await noticed(ben, "You can no longer open this document: your access was removed or has expired.")
  await ben.reads("Anna's line")
  assert.equal(await ben.page.getByRole("button", { name: "Copy the text" }).count(), 0)
})

test("a link that expires ends in the open page, and opens nothing afterwards", async t => {
  let { link, ben } = await shared(t, { role: "editor", validForSeconds: 10 })
  await ben.says("refused")
  assert.equal(await ben.page.locator("#status").innerText(), "Access removed")
  let carl = await browser.person(t)
  await carl.follow(link.href(), "refused")
  await carl.page.getByRole("heading", { name: "You need a link to open this document" }).waitFor()
  await carl.page.getByText("The link you used does not open this document.").waitFor()
})

test("without a link nobody learns whether there is a document", async t => {
  let doc = await ownedDocument(t)
  let { origin } = doc.server
  let carl = await browser.person(t)
  let told = async address => {
    await carl.follow(address, "refused")
    await carl.page.getByRole("heading", { name: "You need a link" }).waitFor()
    for (let part of ["#share", "#people", "#editor"]) assert.equal(await carl.page.locator(part).isVisible(), false)
    return (await carl.page.locator("body").innerText()).replaceAll(new URL(address).pathname.slice(3), "NAME")
  }
  let wrong = "#key=cl_AAAAAAAAAAAAAAAAAAAAAAAA"
  let plain = [await told(`${origin}/d/${doc.name}`), await told(`${origin}/d/no-such-document`)]
  let keyed = [await told(`${origin}/d/${doc.name}${wrong}`), await told(`${origin}/d/no-such-document${wrong}`)]
  assert.equal(plain[0], plain[1])
  assert.equal(keyed[0], keyed[1])
  assert.notEqual(plain[0], keyed[0])
  await carl.page.goto(origin)
  assert.equal(await carl.page.locator("#recent li").count(), 0)
})

test("the right link, opened in the tab that had the wrong one, opens the document", async t => {
  let doc = await ownedDocument(t)
  let carl = await browser.person(t)
  await carl.follow(`${doc.server.page(doc.name)}#key=cl_AAAAAAAAAAAAAAAAAAAAAAAA`, "refused")
  await carl.page.evaluate(href => location.assign(href), doc.owner())
  await carl.says("saved")
  await carl.enterText()
  await carl.type("in")
  await carl.says("saved")
  assert.equal(carl.page.url(), doc.server.page(doc.name))
})

test("no address and no element ever shows the key of a link", async t => {
  let doc = await ownedDocument(t)
  let anna = await browser.person(t)
  let asked = []
  anna.page.on("request", request => asked.push(request.url()))
  anna.page.on("websocket", socket => asked.push(socket.url()))
  await anna.follow(doc.owner())
  await anna.type("a word")
  await anna.says("saved")
  await anna.page.getByRole("button", { name: "Share" }).click()
  await anna.page.locator(".links li").first().waitFor()
  let seen = await anna.page.evaluate(() => {
    let fields = [...document.querySelectorAll("input")].map(({ value }) => value)
    return [location.href, document.documentElement.outerHTML, document.getElementById("editor").shadowRoot.innerHTML, ...fields]
  })
  assert.equal(seen[0], doc.server.page(doc.name))
  assert.ok(asked.some(url => new URL(url).protocol === "ws:"), "no socket was seen")
  for (let text of [...seen, ...asked]) {
    assert.ok(!text.includes(doc.secret), `the key is in ${text.slice(0, 200)}`)
  }
})

test("the key stays with the browser: a reload, a plain address and a second, lesser link open as its owner's", async t => {
  let doc = await ownedDocument(t)
  let view = await doc.link({ role: "viewer" })
  let anna = await browser.person(t)
  await anna.follow(doc.owner())
  await anna.page.reload()
  await anna.says("saved")
  await anna.follow(view.href())
  await anna.type("still mine")
  await anna.says("saved")
  await anna.follow(doc.server.page(doc.name))
  await anna.reads("still mine")
  await anna.says("saved")
})

test("a better link takes the place of a lesser one", async t => {
  let doc = await ownedDocument(t)
  let view = await doc.link({ role: "viewer" })
  let anna = await browser.person(t)
  await anna.follow(view.href(), "reading")
  await anna.follow(doc.owner())
  await doc.revoke(view)
  await anna.page.reload()
  await anna.says("saved")
})

test("after the server was away the page comes back with a ticket of its own", async t => {
  let { doc, anna, ben } = await shared(t, { role: "editor" })
  await doc.server.kill()
  await ben.says("reconnecting")
  await ben.press("Control+End")
  await ben.type(", written meanwhile")
  await doc.server.start()
  await ben.says("saved")
  await anna.reads("Anna's line, written meanwhile")
})

test("where access has become open, a key from before is in nobody's way", async t => {
  let { doc, link, ben } = await shared(t, { role: "viewer" })
  await doc.revoke(link)
  await ben.says("refused")
  await doc.server.kill()
  doc.server.flags = []
  await doc.server.start()
  await ben.page.reload()
  await ben.says("saved")
  await ben.enterText()
  await ben.press("Control+End")
  await ben.type(", and his")
  await ben.says("saved")
  await ben.page.getByRole("button", { name: "Copy link" }).waitFor()
})

test("two guests of one name are told apart, and the second is told so", async t => {
  let { anna, ben } = await shared(t, { role: "viewer" })
  await anna.rename("Ada")
  await ben.rename("Ada")
  await others(anna, ["Ada (2)"])
  await others(ben, ["Ada"])
  await ben.page.locator("#own-avatar").click()
  await ben.page.getByText("Somebody here already has this name. The others see you as Ada (2).").waitFor()
  await ben.page.getByRole("textbox", { name: "Your name" }).fill("Ben")
  await others(anna, ["Ben"])
  await ben.until(() => document.getElementById("own-note").hidden)
})

test("a name that comes from a token is shown, and is not this person's to change", async t => {
  let server = await startServer(t, "--access", "tokens")
  server.command("key", "new")
  let token = (...who) => server.command("token", "--doc", "castle", "--role", "editor", ...who)
  let at = key => `${server.page("castle")}#key=${key}`
  let [anna, ben] = [await browser.person(t), await browser.person(t)]
  await anna.follow(at(token("--user", "7", "--name", "Countess Ada", "--color", "3")))
  await ben.follow(at(token("--user", "8", "--name", "Ben")))
  await others(ben, ["Countess Ada"])
  await anna.page.locator("#own-avatar").click()
  let name = anna.page.getByRole("textbox", { name: "Your name" })
  assert.equal(await name.isDisabled(), true)
  assert.equal(await name.inputValue(), "Countess Ada")
  await anna.page.getByText("Your name comes from the app that let you in").waitFor()
  assert.equal(await anna.page.locator("#own-avatar").innerText(), "CA")
  await anna.press("Escape")
  await anna.page.getByRole("button", { name: "Share" }).click()
  await anna.page.getByRole("dialog").getByText("You can read and change this document.").waitFor()
})

test("two tabs of a guest are one face, and not another person to themselves", async t => {
  let { doc, anna, ben } = await shared(t, { role: "viewer" })
  await ben.rename("Ben")
  let tab = await ben.context.newPage()
  await tab.goto(doc.server.page(doc.name))
  await tab.waitForFunction(() => document.getElementById("status").dataset.state === "reading")
  await tab.waitForFunction(() => window.witness.faces().length === 2)
  await others(anna, ["Ben"])
  assert.equal(await ben.page.locator("#people [data-peer]").count(), 2)
})

test("what another app keeps in a document is shown to whoever has its link, as long as they may read it", async t => {
  let doc = await ownedDocument(t)
  let link = await doc.link({ role: "viewer" })
  let app = new App(doc.server, doc.name, doc.secret)
  await app.write(doc => doc.getXmlFragment("default").insert(0, [paragraph("first words")]))
  let ben = await browser.person(t)
  await ben.page.goto(link.href())
  let shows = words => ben.page.locator(".reading").filter({ hasText: words }).waitFor()
  await shows("first words")
  await app.write(doc => doc.getXmlFragment("default").insert(1, [paragraph("and more")]))
  await shows("and more")
  await doc.revoke(link)
  await ben.says("refused")
  assert.equal(await ben.page.locator("#status").innerText(), "Access removed")
})
