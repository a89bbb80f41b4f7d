/**
 * A page that is measured: ours or the other, and how its editor is reached.
 * Knows the debugging protocol, and no figures.
 */
import { fileURLToPath } from "node:url"

const PROBE = fileURLToPath(new URL("probe.js", import.meta.url))

/** Ours, the one beside it, of the same server, and the editor alone. */
export function pages(server, site) {
  let origin = server.origin.replace("http", "ws")
  return {
    codraft: name => server.page(name),
    yjs: name => `${site.origin}/other.html?${new URLSearchParams({ server: origin, doc: name })}`,
    alone: () => `${site.origin}/alone.html`,
  }
}

/** A fresh profile with the page's address open in it, and what can be asked of it. */
export class Subject {
  static async open(browser, address, { throttle = 1 } = {}) {
    let subject = new Subject()
    subject.context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    subject.page = await subject.context.newPage()
    subject.page.setDefaultTimeout(180_000)
    subject.errors = []
    subject.page.on("pageerror", error => subject.errors.push(String(error)))
    await subject.page.addInitScript({ path: PROBE })
    subject.debug = await subject.context.newCDPSession(subject.page)
    await subject.debug.send("Performance.enable", { timeDomain: "threadTicks" })
    await subject.debug.send("Network.enable")
    subject.bytes = 0
    subject.debug.on("Network.loadingFinished", ({ encodedDataLength }) => {
      subject.bytes += encodedDataLength
    })
    await subject.debug.send("Emulation.setCPUThrottlingRate", { rate: throttle })
    await subject.page.goto(address, { waitUntil: "commit" })
    return subject
  }

  /** Waits until the editor shows so many characters; milliseconds since the navigation began. */
  async shows(length) {
    // Not by Playwright: it asks again and again, in the page that is measured.
    let expression = `window.probe.shown(${length})`
    let { result } = await this.debug.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })
    if (result.type !== "number") throw new Error(`the page is gone: ${result.description}`)
    return result.value
  }

  /** Bytes of everything that had been loaded by then, as the page itself has counted them. */
  bytesUntil(at) {
    return this.page.evaluate(at => {
      let entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      return entries.filter(entry => entry.responseEnd <= at).reduce((sum, entry) => sum + entry.transferSize, 0)
    }, at)
  }

  /** The counters of the main thread; those that end in `Duration` are seconds of its CPU. */
  async metrics() {
    let { metrics } = await this.debug.send("Performance.getMetrics")
    let { TaskDuration, DevToolsCommandDuration, JSHeapUsedSize } = Object.fromEntries(metrics.map(m => [m.name, m.value]))
    return { busyMs: (TaskDuration - (DevToolsCommandDuration ?? 0)) * 1_000, heapBytes: JSHeapUsedSize }
  }

  /** Memory of the page once garbage is collected: JavaScript's heap and array buffers, wasm's memory among those. */
  async memory() {
    for (let n = 0; n < 3; n++) await this.debug.send("HeapProfiler.collectGarbage")
    let { usedSize, embedderHeapUsedSize, backingStorageSize } = await this.debug.send("Runtime.getHeapUsage")
    let wasm = await this.page.evaluate(() => window.probe.wasmBytes())
    return { heap: usedSize, dom: embedderHeapUsedSize, buffers: backingStorageSize, wasm }
  }

  /** Puts the cursor somewhere and shows it, as a click there would. */
  async goTo(offset) {
    await this.page.evaluate(offset => window.probe.goTo(offset), offset)
    await this.frame()
  }

  frame() {
    return this.page.evaluate(() => window.probe.frame())
  }

  text() {
    return this.page.evaluate(() => window.probe.view().state.doc.toString())
  }

  length() {
    return this.page.evaluate(() => window.probe.view().state.doc.length)
  }

  async close() {
    await this.context.close()
  }
}
