/**
 * The server dies as in a crash and comes back while people type: the text is whole, and what was called saved is there.
 * Knows no network troubles beside that.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"

let browser = sharedBrowser()

test("two people type on while the server is killed and restarted, and nothing is lost", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  await anna.type("\n")
  await ben.reads("\n")
  await anna.goToLine(1)
  await ben.goToLine(2)
  let [first, second] = ["abcdefghij".repeat(30), "0123456789".repeat(30)]
  let typing = Promise.all([anna.type(first, 20), ben.type(second, 20)])
  await bothHave(anna, ben, 60)
  await server.kill()
  let [length] = await bothHave(anna, ben, 61)
  await bothHave(anna, ben, length + 5)
  let since = [await anna.now(), await ben.now()]
  await bothHave(anna, ben, 180)
  for (let [i, who] of [anna, ben].entries()) {
    let states = await who.states(since[i])
    assert.deepEqual(states.filter(({ state }) => state === "saved"), [], "claimed to be saved")
  }
  await server.start()
  await typing
  for (let who of [anna, ben]) {
    await who.reads(`${first}\n${second}`)
    await who.says("saved")
  }
  let carl = await browser.person(t)
  await carl.open(server, "meeting")
  await carl.reads(`${first}\n${second}`)
})

/** Waits until each has typed so many letters on their own line; the numbers they had then. */
function bothHave(anna, ben, letters) {
  let typed = (who, line) =>
    who.until(([line, letters]) => {
      let { length } = window.witness.text().split("\n")[line]
      return letters <= length && length
    }, [line, letters])
  return Promise.all([typed(anna, 0), typed(ben, 1)].map(handle => handle.then(handle => handle.jsonValue())))
}

for (let round = 1; round <= 3; round++) {
  test(`what the page calls saved survives a kill at that moment, round ${round}`, async t => {
    let { server, anna } = await browser.meeting(t)
    let text = `round ${round}: ${"words nobody else has seen ".repeat(round * 3)}`
    await anna.type(text)
    await anna.says("saved")
    await server.kill()
    await anna.leave()
    await server.start()
    let carl = await browser.person(t)
    await carl.open(server, "meeting")
    await carl.reads(text)
  })
}

test("a server that restarts again and again keeps an untouched page up to date", async t => {
  let { server, anna, ben } = await browser.meeting(t)
  let text = ""
  for (let round = 0; round < 3; round++) {
    await server.kill()
    await anna.type(`round ${round}. `)
    text += `round ${round}. `
    await server.start()
    await ben.reads(text)
    await anna.says("saved")
    await ben.says("saved")
  }
})
