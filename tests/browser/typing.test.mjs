/**
 * Two people type at once, and how long a key takes to the other's screen.
 * Knows no failures: those have files of their own.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"

let browser = sharedBrowser()

test("two people typing on different lines both end with every letter", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("Anna: \nBen: ")
  await ben.reads("Anna: \nBen: ")
  await anna.goToLine(1)
  await ben.goToLine(2)
  await Promise.all([
    anna.type("the quick brown fox jumps over the lazy dog", 15),
    ben.type("pack my box with five dozen liquor jugs", 17),
  ])
  let whole = "Anna: the quick brown fox jumps over the lazy dog\nBen: pack my box with five dozen liquor jugs"
  for (let who of [anna, ben]) {
    await who.reads(whole)
    assert.deepEqual(await who.lines(), whole.split("\n"))
    await who.says("saved")
  }
})

test("two people typing at the same place agree, and nobody's letters are lost or reordered", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  let [low, high] = ["abcdefghijklmnopqrstuvwxyz".repeat(2), "ABCDEFGHIJKLMNOPQRSTUVWXYZ".repeat(2)]
  await Promise.all([anna.type(low, 11), ben.type(high, 13)])
  for (let who of [anna, ben]) {
    await who.until(length => window.witness.text().length === length, low.length + high.length)
    await who.says("saved")
  }
  let text = await anna.text()
  await ben.reads(text)
  assert.equal(text.replace(/[A-Z]/g, ""), low)
  assert.equal(text.replace(/[a-z]/g, ""), high)
  let carl = await browser.person(t)
  await carl.open(server, "meeting")
  await carl.reads(text)
  assert.equal(await carl.copyAll(), text)
})

test("people who come while somebody types see all of it", async t => {
  let { server, anna } = await browser.meeting(t)
  let words = "typed while one after the other opens the page, which takes them a moment. ".repeat(5)
  let typing = anna.type(words, 12)
  let others = []
  for (let i = 0; i < 4; i++) {
    let other = await browser.person(t)
    await other.open(server, "meeting")
    others.push(other)
  }
  await typing
  for (let other of others) await other.reads(words)
})

test("each key reaches the other's screen, and the times are reported", async t => {
  let { anna, ben } = await browser.meeting(t)
  let keys = "typing at an even pace ".repeat(6)
  await anna.page.evaluate(notePresses)
  await ben.page.evaluate(noteArrivals)
  await anna.type(keys, 40)
  await ben.reads(keys)
  let pressed = await anna.page.evaluate(() => window.pressed)
  let arrived = await ben.page.evaluate(() => window.arrived)
  assert.equal(pressed.length, keys.length)
  let waits = pressed.map((at, i) => arrived[i] - at).sort((a, b) => a - b)
  let share = part => `${waits[Math.floor(waits.length * part)].toFixed(1)} ms`
  t.diagnostic(`key to the other's screen, ${waits.length} keys: p50 ${share(0.5)}, p95 ${share(0.95)}`)
})

/** Runs in the page of the one who types: when each key came down, on the clock both pages share. */
function notePresses() {
  window.pressed = []
  let note = event => window.pressed.push(performance.timeOrigin + event.timeStamp)
  document.addEventListener("keydown", note, { capture: true })
}

/** Runs in the other page: when the line on the screen first had that many letters. */
function noteArrivals() {
  window.arrived = []
  let content = document.getElementById("editor").shadowRoot.querySelector(".cm-content")
  let look = () => {
    let now = performance.timeOrigin + performance.now()
    let { length } = content.querySelector(".cm-line").textContent
    while (window.arrived.length < length) window.arrived.push(now)
  }
  new MutationObserver(look).observe(content, { childList: true, characterData: true, subtree: true })
}
