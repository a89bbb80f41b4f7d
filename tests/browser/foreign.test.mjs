/**
 * A document that another app keeps something else in, under the name of our text: the page says so and lets nobody
 * write what could not be kept.
 * Knows the bytes of one Yjs update, and no other refusals.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

const NOT_TEXT = "This document holds something other than text: it cannot be edited here"

let browser = sharedBrowser()

/** A name, a text or a part with its length before it, as lib0 writes one of less than 128 bytes. */
const counted = bytes => [bytes.length, ...bytes]
const string = text => counted([...new TextEncoder().encode(text)])

/** What a y-websocket client sends that has put "milk" into `doc.getArray("content")`. */
function putIntoList() {
  let [clients, structs, client, clock, any, atRoot, one, text, deletions] = [1, 1, 7, 0, 8, 1, 1, 119, 0]
  let item = [any, atRoot, ...string("content"), one, text, ...string("milk")]
  return [0, 2, ...counted([clients, structs, client, clock, ...item, deletions])]
}

/** Keeps a list in a document, as another app would, and waits until the server has it. */
async function keepList(t, server, name) {
  let app = await browser.person(t)
  await app.page.goto(server.origin)
  let hasList = ([url, update]) =>
    new Promise((resolve, reject) => {
      let socket = new WebSocket(url)
      socket.binaryType = "arraybuffer"
      socket.onopen = () => {
        socket.send(new Uint8Array(update))
        // Asks for the whole document: the answer comes when what was sent before is in it.
        socket.send(new Uint8Array([0, 0, 1, 0]))
      }
      socket.onmessage = ({ data }) => {
        if (new TextDecoder().decode(data).includes("milk")) resolve()
      }
      socket.onclose = ({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`))
    })
  let url = `${server.origin.replace("http", "ws")}/ws/${name}`
  await app.page.evaluate(hasList, [url, putIntoList()])
}

/** Everything a person may try comes to nothing, and nothing was called saved since a moment of the page's clock. */
async function isLeftAlone(who, text, since = 0) {
  await who.says("refused")
  assert.equal((await who.states()).at(-1).text, NOT_TEXT)
  await who.enterText()
  await who.type("written in vain")
  await who.press("Enter", "Backspace", "Control+z", "Control+Shift+z")
  await who.paste("pasted in vain")
  assert.equal(await who.text(), text)
  // The browser's word that there is a network again is no reason to try once more.
  await who.page.evaluate(() => window.dispatchEvent(new Event("online")))
  await who.type("again")
  assert.equal(await who.text(), text)
  let states = (await who.states()).filter(({ at }) => at > since)
  assert.deepEqual(states.filter(({ state }) => state === "saved"), [], "claimed to be saved")
  assert.equal(states.at(-1).state, "refused")
}

test("a document in which another app keeps a list cannot be written to, and the page says so", async t => {
  let server = await startServer(t)
  await keepList(t, server, "list")
  let anna = await browser.person(t)
  await anna.page.goto(server.page("list"))
  await isLeftAlone(anna, "")
})

test("a text that somebody reads while another app puts a list there stays as it was", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "both")
  await anna.type("words")
  await anna.says("saved")
  let before = await anna.now()
  await keepList(t, server, "both")
  await isLeftAlone(anna, "words", before)
})
