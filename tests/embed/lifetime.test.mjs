/**
 * Editors that come and go: a thousand of them leave nothing behind.
 * Knows what Chromium counts, and the wasm's memory from the outside.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { startServer } from "../browser/support/server.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { openSite, PLAIN } from "./support/site.mjs"

let browser = sharedBrowser()

/** So many at once, each in a document of its own. */
const TOGETHER = 20
const ROUNDS = 50
/** Those after which everything has been loaded and every cache is as it stays. */
const FIRST = 5

test("a thousand editors leave no listener, no element and no byte of the wasm's memory behind", async t => {
  let site = await openSite(t, PLAIN)
  let server = await startServer(t, "--allow-origin", site.origin)
  let ann = await browser.page(t)
  await ann.page.addInitScript(() => {
    let streaming = WebAssembly.instantiateStreaming
    WebAssembly.instantiateStreaming = async (...words) => {
      let made = await streaming.call(WebAssembly, ...words)
      window.wasmMemory = made.instance.exports.memory
      return made
    }
  })
  await ann.open(`${site.origin}/empty.html`)
  await ann.until(() => window.codraft)
  let counts = await counter(ann.page)
  for (let round = 0; round < FIRST; round++) await comeAndGo(ann.page, server, round)
  let before = await counts()
  for (let round = FIRST; round < ROUNDS; round++) await comeAndGo(ann.page, server, round)
  let after = await counts()
  t.diagnostic(`${JSON.stringify(before)} after ${FIRST * TOGETHER}, ${JSON.stringify(after)} after ${ROUNDS * TOGETHER}`)
  assert.equal(after.wasm, before.wasm)
  assert.ok(after.listeners <= before.listeners, "listeners")
  assert.ok(after.nodes <= before.nodes + 50, "elements")
  assert.ok(after.heap < before.heap * 1.25, "what scripts hold")
})

/** Shows editors with everything around the text, types a word into each, and takes them away. */
function comeAndGo(page, server, round) {
  return page.evaluate(
    async ([server, round, count]) => {
      let editors = Array.from({ length: count }, (_, i) => {
        let editor = document.createElement("codraft-editor")
        editor.setAttribute("server", server)
        editor.setAttribute("doc", `round-${round}-${i}`)
        if (i % 2) for (let name of ["toolbar", "presence"]) editor.setAttribute(name, "")
        document.querySelector("main").append(editor)
        return editor
      })
      await Promise.all(editors.map(editor => editor.ready()))
      for (let editor of editors) editor.insertText("words")
      let sessions = editors.map(({ session }) => session)
      let ended = sessions.map(
        session => new Promise(resolve => session.on("status", ({ text }) => session.isOver && text === "" && resolve())),
      )
      for (let editor of editors) editor.remove()
      window.told = []
      await Promise.all(ended)
    },
    [server.origin, round, TOGETHER],
  )
}

async function counter(page) {
  let debug = await page.context().newCDPSession(page)
  await debug.send("Performance.enable")
  return async () => {
    for (let i = 0; i < 3; i++) await debug.send("HeapProfiler.collectGarbage")
    let { metrics } = await debug.send("Performance.getMetrics")
    let of = name => metrics.find(metric => metric.name === name).value
    let wasm = await page.evaluate(() => window.wasmMemory.buffer.byteLength)
    return { wasm, listeners: of("JSEventListeners"), nodes: of("Nodes"), heap: of("JSHeapUsedSize") }
  }
}
