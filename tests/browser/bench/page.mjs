/**
 * Our page beside one made of CodeMirror, Yjs, y-codemirror.next and y-websocket, in one run and at one server: what is
 * loaded, when one can type, and what a key costs in a large document with a history while others type in it. Turns
 * alternate. CodeMirror alone is loaded, too, and a key struck in it with that text and nobody else: less it cannot cost.
 *
 *   node tests/browser/bench/page.mjs [load open keys hour] [--rounds N] [--json FILE] [--traces FOLDER] [--cache FILE]
 *
 *   --rounds N        turns of each page (default 3)
 *   --json FILE       adds one JSON object a figure to FILE
 *   --traces FOLDER   github.com/josephg/editing-traces, for automerge-paper.json.gz (default ../shared/traces)
 *   --cache FILE      where the large document is kept once it is made (default target/bench/worn.bin)
 *   --people N        how many type while keys are struck (default 10)
 *   --minutes N       how long people type in `hour` (default 60), which is measured only when it is named
 *   --pages A,B       which pages `hour` has open (default codraft,yjs)
 *
 * Needs a built page (`cargo xtask build`) and a server, as every test here does: `CODRAFT_BIN` names another.
 */
import { appendFileSync, existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { openBrowser } from "../support/browser.mjs"
import { openServer } from "../support/server.mjs"
import { share, strike } from "./keys.mjs"
import { openSite } from "./site.mjs"
import { pages, Subject } from "./subject.mjs"
import { wornDocument } from "./worn.mjs"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))
/** A fresh page while it is loaded is slowed down this much. */
const THROTTLE = 4
/** Where keys are struck, and how many there. */
const PLACES = 8
const KEYS_A_PLACE = 12
const PACE_MS = 60
/** How many letters each of the others types in a second. */
const LETTERS_A_SECOND = 5
/** How long the others are watched alone. */
const WATCHED_SECONDS = 8
/** How often a document is offered to the server. */
const TRIES = 10
/** Of `hour`: how many type, and after how many minutes memory is looked at first. */
const WRITERS = 5
const FIRST_LOOK = 5
const NOTE = "# A note\n\nwith a few words in it.\n"

let { values: options, positionals: asked } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    json: { type: "string" },
    traces: { type: "string", default: join(ROOT, "../shared/traces") },
    cache: { type: "string", default: join(ROOT, "target/bench/worn.bin") },
    people: { type: "string", default: "10" },
    minutes: { type: "string", default: "60" },
    pages: { type: "string", default: "codraft,yjs" },
  },
  allowPositionals: true,
})
let parts = { load, open, keys }
let figures = new Map()
let site = await openSite()
let server = await openServer("--allow-origin", site.origin)
let browser = await openBrowser()
let crowd = await openBrowser()
try {
  let worn = documentWithHistory()
  let addresses = pages(server, site)
  if (asked.includes("hour")) await hour(addresses)
  for (let round = 0; round < Number(options.rounds); round++) {
    for (let [name, measure] of Object.entries(parts)) {
      if (asked.length && !asked.includes(name)) continue
      if (name !== "load" && !worn) continue
      for (let which of round % 2 ? ["yjs", "codraft"] : ["codraft", "yjs"]) {
        await measure({ which, address: addresses[which], worn, round })
      }
      if (name === "keys") await keysAlone({ address: addresses.alone, worn })
      if (name === "load") await loadAlone({ address: addresses.alone })
    }
  }
  report()
} finally {
  await Promise.all([browser.close(), crowd.close()])
  await server.remove()
  await site.close()
}

function documentWithHistory() {
  let trace = join(options.traces, "automerge-paper.json.gz")
  if (existsSync(options.cache) || existsSync(trace)) return wornDocument(trace, options.cache)
  console.error(`no ${trace}: only what needs no large document is measured`)
  return null
}

/** A first visit to a note, on a slow machine. */
async function load({ which, address, round }) {
  let name = `note-${round}-${which}`
  await write(name, new TextEncoder().encode(NOTE), "text/plain")
  let subject = await Subject.open(browser, address(name), { throttle: THROTTLE })
  let at = await subject.shows(NOTE.length)
  let { busyMs } = await subject.metrics()
  let bytes = await subject.bytesUntil(at)
  await subject.page.waitForLoadState("networkidle")
  note(which, "transferred until one can type, KB", bytes / 1_000)
  note(which, "and what the page fetches when it has time, KB", subject.bytes / 1_000)
  noteLoad(which, at, busyMs)
  await finish(subject)
}

function noteLoad(which, at, busyMs) {
  note(which, `interactive at ${THROTTLE} × throttling, ms`, at)
  note(which, `main thread until then, ms of CPU at ${THROTTLE} ×`, busyMs)
}

/** A first visit to an editor that has nothing to show and nobody to ask. */
async function loadAlone({ address }) {
  let subject = await Subject.open(browser, address(), { throttle: THROTTLE })
  let at = await subject.shows(0)
  let { busyMs } = await subject.metrics()
  noteLoad("alone", at, busyMs)
  await finish(subject)
}

/** The large document, from the navigation until it is in the editor; the page itself is in the browser's cache. */
async function open({ which, address, worn, round }) {
  let name = `open-${round}-${which}`
  await write(name, worn.update)
  let subject = await Subject.open(browser, address(`warm-${name}`))
  await subject.page.waitForLoadState("networkidle")
  let before = (await subject.metrics()).busyMs
  await subject.page.goto(address(name), { waitUntil: "commit" })
  let at = await subject.shows(worn.text.length)
  await subject.frame()
  note(which, "open 1 MB with a history, ms", at)
  let after = (await subject.metrics()).busyMs
  note(which, "main thread for that, ms of CPU", after < before ? after : after - before)
  if ((await subject.text()) !== worn.text) throw new Error(`${which} shows another text`)
  await finish(subject)
}

/** Keys in the large document while others type in it; and what their typing costs alone. */
async function keys({ which, address, worn, round }) {
  let name = `keys-${round}-${which}`
  await write(name, worn.update)
  let subject = await Subject.open(browser, address(name))
  await subject.shows(worn.text.length)
  let people = await others(name, Number(options.people))
  let alone = await watch(subject, people)
  note(which, "an edit of another, ms of CPU", alone)
  let seconds = (PLACES * KEYS_A_PLACE * (PACE_MS + 60)) / 1_000
  let typing = type(people, LETTERS_A_SECOND, seconds, { seed: 2 })
  let costs = await strike(browser, subject, placesIn(worn.text), KEYS_A_PLACE, PACE_MS)
  await typing
  noteCosts(which, costs)
  await agree(which, subject, people)
  await people.close()
  await finish(subject)
}

/** Keys in an editor that has the same text, and nothing else to do. */
async function keysAlone({ address, worn }) {
  let subject = await Subject.open(browser, address())
  await subject.page.waitForFunction(() => window.show)
  await subject.page.evaluate(text => window.show(text), worn.text)
  await subject.shows(worn.text.length)
  noteCosts("alone", await strike(browser, subject, placesIn(worn.text), KEYS_A_PLACE, PACE_MS))
  await finish(subject)
}

/** The pages in one document of 100 kB, in which people type and take back as much for an hour. */
async function hour(addresses) {
  await write("hour", new TextEncoder().encode("Words that people write together.\n".repeat(3_000)), "text/plain")
  let subjects = []
  for (let which of options.pages.split(",")) {
    let subject = await Subject.open(browser, addresses[which]("hour"))
    await subject.shows(100_000)
    subjects.push([which, subject])
  }
  let people = await others("hour", WRITERS)
  let look = async when => {
    for (let [which, subject] of subjects) {
      let { heap, dom, buffers } = await subject.memory()
      note(which, `memory ${when}, MB`, (heap + dom + buffers) / 1e6)
    }
  }
  let minutes = Number(options.minutes)
  let looks = [Math.min(FIRST_LOOK, minutes / 6), ...[0.25, 0.5, 0.75, 1].map(part => part * minutes)]
  let typed = 0
  for (let [n, until] of looks.entries()) {
    let seconds = (until - (looks[n - 1] ?? 0)) * 60
    typed += await type(people, LETTERS_A_SECOND, seconds, { seed: n + 1, erased: 0.5 })
    await look(`after ${until.toFixed(1)} min`)
  }
  console.error(`${typed} edits`)
  for (let [which, subject] of subjects) {
    await agree(which, subject, people)
    await finish(subject)
  }
  await people.close()
}

function placesIn(text) {
  return Array.from({ length: PLACES }, (_, n) => Math.floor((text.length * (n * 7 + 3)) / (PLACES * 7 + 6)))
}

function noteCosts(which, costs) {
  note(which, "a key, ms of CPU, p50", share(costs, 0.5))
  note(which, "a key, ms of CPU, p95", share(costs, 0.95))
}

async function watch(subject, people) {
  await subject.frame()
  let before = await subject.metrics()
  let edits = await type(people, LETTERS_A_SECOND, WATCHED_SECONDS, { seed: 1 })
  let after = await subject.metrics()
  return (after.busyMs - before.busyMs) / edits
}

/** People who type, in a browser of their own. */
async function others(name, count) {
  let context = await crowd.newContext()
  let page = await context.newPage()
  page.setDefaultTimeout(180_000)
  let query = new URLSearchParams({ server: server.origin.replace("http", "ws"), doc: name })
  await page.goto(`${site.origin}/peers.html?${query}`)
  await page.waitForFunction(() => window.peers)
  await page.evaluate(count => window.peers.come(count), count)
  return { page, name, close: () => context.close() }
}

function type({ page }, perSecond, seconds, how) {
  return page.evaluate(([perSecond, seconds, how]) => window.peers.type(perSecond, seconds, how), [perSecond, seconds, how])
}

/** Figures count only for a page that has the text the others have; if not, whose fault it is, is said. */
async function agree(which, subject, { page, name }) {
  let until = performance.now() + 60_000
  for (;;) {
    let [here, there] = await Promise.all([subject.text(), page.evaluate(() => window.peers.text())])
    if (here === there) return
    if (performance.now() > until) {
      let stored = await (await fetch(`${server.origin}/api/docs/${encodeURIComponent(name)}/text`)).text()
      let whose = { [here]: "this page's", [there]: "the others'" }[stored] ?? "a third one"
      throw new Error(`${which} shows another text than the others; the server's is ${whose}`)
    }
    await subject.page.waitForTimeout(200)
  }
}

async function write(name, body, type = "application/octet-stream") {
  let url = `${server.origin}/api/docs/${encodeURIComponent(name)}/${type === "text/plain" ? "text" : "update"}`
  let method = type === "text/plain" ? "PUT" : "POST"
  for (let tries = 1; ; tries++) {
    let answer = await fetch(url, { method, headers: { "content-type": type }, body })
    if (answer.ok) return
    // On a machine that does something else, too, a server gives up what takes it too long.
    if (tries === TRIES) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`)
  }
}

async function finish(subject) {
  if (subject.errors.length) throw new Error(subject.errors.join("\n"))
  await subject.close()
}

function note(which, figure, value) {
  let of = figures.get(figure) ?? { codraft: [], yjs: [], alone: [] }
  of[which].push(value)
  figures.set(figure, of)
  console.error(`${which}: ${figure}: ${value.toFixed(2)}`)
}

function report() {
  console.log("| | Codraft | least … most | Yjs | least … most | Codraft to Yjs | CodeMirror alone |")
  console.log("|---|--:|--:|--:|--:|--:|--:|")
  for (let [figure, { codraft, yjs, alone }] of figures) {
    let [ours, theirs, floor] = [codraft, yjs, alone].map(values => values.sort((a, b) => a - b))
    let middle = values => (values.length ? shown(share(values, 0.5)) : "")
    let range = values => (values.length ? `${shown(values[0])} … ${shown(values.at(-1))}` : "")
    let ratio = theirs.length ? (share(ours, 0.5) / share(theirs, 0.5)).toFixed(2) : ""
    console.log(`| ${[figure, middle(ours), range(ours), middle(theirs), range(theirs), ratio, middle(floor)].join(" | ")} |`)
    if (options.json) appendFileSync(options.json, `${JSON.stringify({ figure, codraft: ours, yjs: theirs, alone: floor })}\n`)
  }
}

function shown(value) {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
}
