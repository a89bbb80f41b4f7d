/**
 * Input methods: an unfinished composition, driven through Chromium's debugging protocol, beside somebody else's edits.
 * Knows no failures of the network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** With this CodeMirror composes in an EditContext, as in Chrome on Android. */
const ANDROID =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"

/** An input method at somebody's keyboard. */
async function inputMethod(who) {
  let debug = await who.debug()
  return {
    /** Shows `text` as the composition so far. */
    compose: text =>
      debug.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
    /** Ends the composition with `text`. */
    commit: text => debug.send("Input.insertText", { text }),
  }
}

/** A line with Anna's cursor behind its first word, and Ben at its end. */
async function oneLine(t) {
  let { anna, ben } = await browser.meeting(t)
  return atOneLine(anna, ben)
}

async function atOneLine(anna, ben) {
  await anna.type("begin  end")
  await ben.reads("begin  end")
  await ben.press("Control+End")
  await anna.press("Home")
  for (let i = 0; i < "begin ".length; i++) await anna.press("ArrowRight")
  return { anna, ben, method: await inputMethod(anna) }
}

async function allRead(people, text) {
  for (let who of people) {
    await who.reads(text)
    assert.deepEqual(await who.lines(), text.split("\n"))
  }
}

const isComposing = () => window.witness.view().composing

test("edits before and behind a composition on its line wait for its end, and no text is doubled", async t => {
  let { anna, ben, method } = await oneLine(t)
  for (let so of ["に", "にほ", "にほん"]) await method.compose(so)
  await ben.reads("begin にほん end")
  await ben.press("Home")
  await ben.type("At the ")
  await ben.press("End")
  await ben.type(" of it")
  await ben.says("saved")
  await anna.now()
  assert.equal(await anna.text(), "begin にほん end")
  assert.equal(await anna.page.evaluate(isComposing), true)
  await method.compose("日本")
  await method.commit("日本")
  await allRead([anna, ben], "At the begin 日本 end of it")
  await anna.says("saved")
})

test("an edit inside the composing text itself neither loses nor doubles a character", async t => {
  let { anna, ben, method } = await oneLine(t)
  for (let so of ["か", "かん", "かんじ"]) await method.compose(so)
  await ben.reads("begin かんじ end")
  await ben.press("Home")
  for (let i = 0; i < "begin か".length; i++) await ben.press("ArrowRight")
  await ben.type("X")
  await ben.says("saved")
  assert.equal(await anna.text(), "begin かんじ end")
  await method.commit("漢字")
  await anna.until(() => window.witness.text().includes("X"))
  let text = await anna.text()
  assert.equal(text.replace("X", ""), "begin 漢字 end")
  await allRead([anna, ben], text)
})

test("a composition that lasts holds edits back for five seconds, then shows them, and ends well", async t => {
  let { anna, ben, method } = await oneLine(t)
  for (let so of ["ㅎ", "하", "한"]) await method.compose(so)
  await ben.reads("begin 한 end")
  let typed = await anna.now()
  await ben.press("Home")
  await ben.type("At the ")
  await anna.reads("At the begin 한 end")
  let held = (await anna.now()) - typed
  assert.ok(4_000 < held && held < 15_000, `held for ${held} ms`)
  await method.commit("한")
  await anna.type("국")
  await anna.until(() => window.witness.text().includes("국"))
  await allRead([anna, ben], "At the begin 한국 end")
})

test("in Chrome on Android, too, a composition that ends as it was lets go of what waited at once", async t => {
  let server = await startServer(t)
  let [anna, ben] = [await browser.person(t, { userAgent: ANDROID }), await browser.person(t)]
  await Promise.all([anna.open(server, "android"), ben.open(server, "android")])
  let { method } = await atOneLine(anna, ben)
  assert.ok(await anna.page.evaluate(() => !!window.witness.view().contentDOM.editContext))
  for (let so of ["に", "にほ", "にほん"]) await method.compose(so)
  await ben.reads("begin にほん end")
  let typed = await anna.now()
  await ben.type("!")
  await ben.says("saved")
  await anna.now()
  assert.equal(await anna.text(), "begin にほん end")
  // With other words the server's word that they are saved would come next, and bring the rest along.
  await method.commit("にほん")
  await allRead([anna, ben], "begin にほん end!")
  let held = (await anna.now()) - typed
  assert.ok(held < 4_500, `held for ${held} ms`)
})

test("a cancelled composition leaves no trace and lets go of what waited", async t => {
  let { anna, ben, method } = await oneLine(t)
  await method.compose("zhong")
  await ben.reads("begin zhong end")
  await ben.type("!")
  await ben.says("saved")
  await method.compose("")
  await allRead([anna, ben], "begin  end!")
})

test("a whole sentence composed word by word arrives as written", async t => {
  let { anna, ben, method } = await oneLine(t)
  let waiting = ben.type("…and so on, without a pause, while she writes", 30)
  for (let [so, word] of [
    ["wo", "我"],
    ["men", "们"],
    ["yiqi", "一起"],
    ["xiezuo", "写作"],
  ]) {
    for (let i = 1; i <= so.length; i++) await method.compose(so.slice(0, i))
    await method.commit(word)
  }
  await waiting
  await allRead([anna, ben], "begin 我们一起写作 end…and so on, without a pause, while she writes")
})
