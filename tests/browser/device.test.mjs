/**
 * Documents that are kept on the device: they open without a server, nobody's words are lost, and what may not be kept is not.
 * Knows several visits of one browser; the network that goes while a page is open has a file of its own.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { kept, untilInstalled, untilKept } from "./support/device.mjs"
import { ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

const KEPT = "kept on this device"

let browser = sharedBrowser()

/** Somebody who has opened a document once, in a browser that opens pages without a network. */
async function visitor(t, server, text = "", name = "diary") {
  let anna = await browser.person(t)
  await anna.open(server, name)
  if (text) await anna.type(text)
  await anna.says("saved")
  await untilInstalled(anna)
  return anna
}

async function neverSaved(who) {
  let states = await who.states()
  assert.deepEqual(states.filter(({ text }) => text === "Saved"), [], "claimed to be saved")
}

test("with the server down a document opens, is changed, opens again, and is sent when the server is back", async t => {
  let server = await startServer(t)
  let anna = await visitor(t, server, "written before. ")
  await anna.closeTab()
  await server.kill()
  await anna.newTab()
  await anna.opensWith(server, "diary", "")
  await anna.reads("written before. ")
  await anna.enterText()
  await anna.press("Control+End")
  await anna.type("on the train. ")
  await anna.statusSays(KEPT)
  await neverSaved(anna)
  await anna.closeTab()

  await anna.newTab()
  await anna.opensWith(server, "diary", KEPT)
  await anna.reads("written before. on the train. ")
  await anna.enterText()
  await anna.press("Control+End")
  await anna.type("and back. ")
  await anna.statusSays(KEPT)
  await neverSaved(anna)
  await server.start()
  await anna.says("saved")
  let ben = await browser.person(t)
  await ben.open(server, "diary")
  await ben.reads("written before. on the train. and back. ")
  await untilKept(anna.page, "diary", diary => diary.marks === 0)
})

test("what two browsers have written without a network, over several visits, is merged", async t => {
  let server = await startServer(t)
  let [anna, ben] = [await visitor(t, server, "Anna: \nBen: "), await visitor(t, server)]
  await server.kill()
  for (let round = 1; round <= 3; round++) {
    for (let [line, who] of [anna, ben].entries()) {
      await who.closeTab()
      await who.newTab()
      await who.opensWith(server, "diary", "")
      await who.goToLine(line + 1)
      await who.type(`${round} `)
      await who.statusSays(KEPT)
    }
  }
  await server.start()
  for (let who of [anna, ben]) {
    await who.says("saved")
    await who.reads("Anna: 1 2 3 \nBen: 1 2 3 ")
  }
})

test("two tabs share what is written in them while the server is down, and it is there once when it is back", async t => {
  let server = await startServer(t)
  let anna = await visitor(t, server, "one\ntwo\n")
  let first = anna.page
  await anna.newTab()
  await anna.open(server, "diary")
  let second = anna.page
  await server.kill()
  await anna.says("reconnecting")
  await anna.goToLine(2)
  await anna.type(" from the second")
  anna.use(first)
  await anna.page.bringToFront()
  await anna.reads("one\ntwo from the second\n")
  await anna.goToLine(1)
  await anna.type(" from the first")
  anna.use(second)
  await anna.reads("one from the first\ntwo from the second\n")
  await anna.closeTab()
  anna.use(first)
  await anna.statusSays(KEPT)
  await anna.closeTab()
  await anna.newTab()
  await anna.opensWith(server, "diary", KEPT)
  await anna.reads("one from the first\ntwo from the second\n")
  await server.start()
  await anna.says("saved")
  await anna.reads("one from the first\ntwo from the second\n")
  let ben = await browser.person(t)
  await ben.open(server, "diary")
  await ben.reads("one from the first\ntwo from the second\n")
})

test("a tab that crashes has lost no more than the last quarter of a second", async t => {
  let server = await startServer(t)
  let anna = await visitor(t, server)
  let losses = []
  for (let round = 0; round < 3; round++) {
    await anna.closeTab()
    await server.kill()
    await anna.newTab()
    let typed = []
    await anna.page.exposeBinding("typedAt", (_source, length, at) => typed.push({ length, at }))
    await anna.opensWith(server, "diary", "")
    await anna.page.evaluate(() => {
      let { view } = window.witness
      window.witness.view().contentDOM.addEventListener("input", () =>
        setTimeout(() => window.typedAt(view.call(window.witness).state.doc.length, performance.now())),
      )
    })
    await anna.enterText()
    await anna.press("Control+End")
    let debug = await anna.debug()
    let crashed = anna.page.waitForEvent("crash")
    // The tab is gone before the last of these letters is typed.
    anna.type("words that are typed without a pause, until the tab is no more. ".repeat(20), 12).catch(() => {})
    while (typed.length < 80) await anna.page.evaluate(() => window.witness.frame())
    debug.send("Page.crash").catch(() => {})
    await crashed
    let last = typed.at(-1)
    await anna.closeTab()
    await anna.newTab()
    await anna.opensWith(server, "diary", "")
    await anna.until(() => window.witness.text().length > 0)
    let left = (await anna.text()).length
    let lost = typed.find(({ length }) => length > left)
    losses.push(lost ? last.at - lost.at : 0)
    t.diagnostic(`${typed.length} letters, ${last.length} shown, ${left} left`)
    await server.start()
    await anna.says("saved")
  }
  t.diagnostic(`lost of three crashes, in ms of typing: ${losses.map(Math.round).join(", ")}`)
  losses.sort((a, b) => a - b)
  assert.ok(losses[1] <= 250, `lost ${losses} ms`)
})

test("a copy that has come in many pieces is one again after the next visit, and says the same", async t => {
  let server = await startServer(t)
  let anna = await visitor(t, server)
  await server.kill()
  let text = ""
  for (let word = 0; word < 12; word++) {
    await anna.type(`word ${word} `)
    text += `word ${word} `
    await anna.statusSays(KEPT)
  }
  let { pieces } = await untilKept(anna.page, "diary", found => found?.pieces > 8)
  assert.ok(pieces > 8, `${pieces} pieces`)
  await anna.closeTab()
  await anna.newTab()
  await anna.opensWith(server, "diary", KEPT)
  await untilKept(anna.page, "diary", found => found.pieces === 1 && found.marks > 0)
  await anna.closeTab()
  await anna.newTab()
  await anna.opensWith(server, "diary", KEPT)
  await anna.reads(text)
  await server.start()
  await anna.says("saved")
  let ben = await browser.person(t)
  await ben.open(server, "diary")
  await ben.reads(text)
})

test("a store that opens late keeps nobody from writing, and what it has is merged and sent", async t => {
  let server = await startServer(t)
  let anna = await visitor(t, server, "sent. ")
  await server.kill()
  await anna.type("kept. ")
  await anna.statusSays(KEPT)
  await anna.closeTab()
  await server.start()
  await anna.context.addInitScript(() => {
    let { open } = IDBFactory.prototype
    let opened = new Promise(resolve => Object.assign(window, { openStore: resolve }))
    IDBFactory.prototype.open = function (...given) {
      let late = {}
      opened.then(() => {
        let request = open.apply(this, given)
        request.onsuccess = () => late.onsuccess?.(Object.assign(late, { result: request.result }))
        request.onerror = () => late.onerror?.(Object.assign(late, { error: request.error }))
      })
      return late
    }
  })
  await anna.newTab()
  await anna.open(server, "diary")
  await anna.reads("sent. ")
  await anna.enterText()
  await anna.press("Control+Home")
  await anna.type("first, ")
  await anna.says("saved")
  await anna.page.evaluate(() => window.openStore())
  await anna.reads("first, sent. kept. ")
  let ben = await browser.person(t)
  await ben.open(server, "diary")
  await ben.reads("first, sent. kept. ")
  await anna.says("saved")
  await untilKept(anna.page, "diary", found => found?.marks === 0)
})

test("without storage, or room in it, nothing is said to be kept, and it is when there is room again", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.context.addInitScript(() => {
    let { add } = IDBObjectStore.prototype
    window.isFull = false
    IDBObjectStore.prototype.add = function (value) {
      let request = add.call(this, value)
      if (window.isFull) this.transaction.abort()
      return request
    }
  })
  await anna.open(server, "diary")
  await anna.type("before. ")
  await anna.says("saved")
  await anna.page.evaluate(() => void (window.isFull = true))
  await server.kill()
  let since = await anna.now()
  await anna.type("nowhere else. ")
  await anna.statusSays("kept in this tab only")
  await anna.page.getByText("leave this tab open").waitFor()
  let claims = (await anna.states(since)).filter(({ text }) => text.includes(KEPT))
  assert.deepEqual(claims, [], "said to be kept on a full device")
  await anna.page.evaluate(() => void (window.isFull = false))
  await anna.statusSays(KEPT)
  await anna.page.getByText("What you write is kept on this device").waitFor()
  await server.start()
  await anna.says("saved")
  await anna.page.reload()
  await anna.reads("before. nowhere else. ")
})

test("a document is forgotten on this device from its menu, in all tabs, with the key that opens it", async t => {
  let doc = await ownedDocument(t)
  let anna = await browser.person(t)
  await anna.follow(doc.owner())
  await anna.type("secret")
  await anna.says("saved")
  let other = anna.page
  await anna.newTab()
  await anna.open(doc.server, doc.name)
  await untilKept(anna.page, doc.name, found => found?.pieces > 0)
  await anna.page.getByRole("button", { name: "Menu" }).click()
  await anna.page.getByRole("menuitem", { name: "Forget on this device" }).click()
  let dialog = anna.page.getByRole("dialog", { name: "Forget “secret” on this device?" })
  await dialog.getByText("you need its link").waitFor()
  await dialog.getByRole("button", { name: "Forget" }).click()
  await anna.page.locator("#recent-empty").waitFor()
  assert.deepEqual(await kept(anna.page), { documents: [], pieces: 0, marks: 0 })
  await other.locator("#recent-empty").waitFor()
  await anna.page.goto(doc.server.page(doc.name))
  await anna.says("refused")
  assert.equal((await kept(anna.page)).pieces, 0)
})

test("the start page says what is kept and what was not sent, and asks before such words are forgotten", async t => {
  let server = await startServer(t)
  let anna = await visitor(t, server, "# Diary")
  await server.kill()
  await anna.type(" of a traveller")
  await anna.statusSays(KEPT)
  await anna.page.goto(server.origin)
  let item = anna.page.locator("#recent li")
  await item.getByText("Not sent yet").waitFor()
  await item.getByRole("button", { name: /^Forget .+ on this device$/ }).click()
  let dialog = anna.page.getByRole("dialog")
  await dialog.getByText("would be lost").waitFor()
  await dialog.getByRole("button", { name: "Keep it" }).click()
  await item.getByText("Not sent yet").waitFor()
  await item.getByRole("button", { name: /^Forget/ }).click()
  await dialog.getByRole("button", { name: "Forget, and lose those words" }).click()
  await anna.page.locator("#recent-empty").waitFor()
  assert.deepEqual(await kept(anna.page), { documents: [], pieces: 0, marks: 0 })
})

test("whoever lost access has no copy left", async t => {
  let doc = await ownedDocument(t)
  let link = await doc.link({ role: "editor" })
  let anna = await browser.person(t)
  await anna.follow(link.href())
  await anna.type("for members")
  await anna.says("saved")
  await untilKept(anna.page, doc.name, found => found?.pieces > 0)
  await anna.page.goto("about:blank")
  await doc.revoke(link)
  await anna.page.goto(doc.server.page(doc.name))
  await anna.says("refused")
  await anna.page.getByText("You need a link to open this document").waitFor()
  await untilKept(anna.page, doc.name, found => !found)
  assert.deepEqual(await kept(anna.page), { documents: [], pieces: 0, marks: 0 })
})

test("words that were not sent when access was lost can be taken along, and then the copy goes", async t => {
  let doc = await ownedDocument(t)
  let link = await doc.link({ role: "editor" })
  let wire = await layWire(t, doc.server)
  let anna = await browser.person(t)
  await anna.follow(link.href(wire))
  await anna.type("sent. ")
  await anna.says("saved")
  await wire.cut()
  await anna.type("not sent")
  await anna.statusSays(KEPT)
  await anna.page.goto("about:blank")
  await doc.revoke(link)
  await wire.mend()
  await anna.page.goto(wire.page(doc.name))
  await anna.says("refused")
  await anna.reads("sent. not sent")
  await anna.page.getByRole("button", { name: "Copy the text" }).click()
  await anna.page.getByRole("button", { name: "Copied" }).waitFor()
  assert.equal(await anna.page.evaluate(() => navigator.clipboard.readText()), "sent. not sent")
  let download = anna.page.waitForEvent("download")
  await anna.page.getByRole("button", { name: "Save as a file" }).click()
  assert.match((await download).suggestedFilename(), /\.txt$/)
  await untilKept(anna.page, doc.name, found => found?.marks === 1)
  await anna.page.getByRole("button", { name: "Delete the copy on this device" }).click()
  await untilKept(anna.page, doc.name, found => !found)
})

test("a copy does not bring back a deleted document, nor mix with the next one of its name", async t => {
  let server = await startServer(t)
  let wire = await layWire(t, server)
  let anna = await browser.person(t)
  await anna.open(wire, "diary")
  await anna.type("of the old one. ")
  await anna.says("saved")
  await wire.cut()
  await anna.type("never sent")
  await anna.statusSays(KEPT)
  await anna.page.goto("about:blank")
  for (let method of ["DELETE", "PUT"]) {
    let answer = await fetch(`${server.origin}/api/docs/diary`, { method })
    assert.ok(answer.ok, `${method}: ${answer.status}`)
  }
  await wire.mend()
  await anna.page.goto(wire.page("diary"))
  await anna.says("refused")
  await anna.statusSays("This document was deleted")
  await anna.reads("of the old one. never sent")
  await anna.page.getByRole("button", { name: "Delete the copy on this device" }).click()
  await untilKept(anna.page, "diary", found => !found)
  await anna.open(wire, "diary")
  await anna.reads("")
  await anna.type("of the new one")
  await anna.says("saved")
})
