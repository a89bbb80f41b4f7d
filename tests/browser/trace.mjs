/**
 * Types a recorded editing session into one real browser while a second follows; in the middle the server is killed
 * and started again. In the end both, and a third that comes fresh, must hold exactly the recorded text.
 *
 *   node tests/browser/trace.mjs TRACE.json.gz [--from N] [--to N] [--per-frame N]
 *
 *   TRACE         a sequential trace of github.com/josephg/editing-traces; `.gz` or plain JSON
 *   --from N      the text before edit N is pasted at once, typing begins there (default 0)
 *   --to N        typing ends before edit N (default: the last)
 *   --per-frame N edits in each animation frame of the typing page (default 8)
 *
 * Exit codes: 0 all texts are right, 1 one is not, 2 there is no trace to type.
 */
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { openBrowser, openPerson } from "./support/browser.mjs"
import { openServer } from "./support/server.mjs"
import { readTrace, replay } from "./support/trace-file.mjs"

const TYPIST = fileURLToPath(new URL("support/typist.js", import.meta.url))
/** How many edits are typed while no server is there. */
const TYPED_WITHOUT_SERVER = 400

let job = jobFromArguments()
let server = await openServer()
let browser = await openBrowser()
try {
  process.exitCode = (await run(job)) ? 0 : 1
} finally {
  await browser.close()
  await server.remove()
}

function jobFromArguments() {
  try {
    let number = { type: "string" }
    let { values, positionals } = parseArgs({
      options: { from: number, to: number, "per-frame": number },
      allowPositionals: true,
    })
    if (positionals.length !== 1) throw new Error("name one trace: node tests/browser/trace.mjs TRACE.json.gz")
    let trace = readTrace(positionals[0])
    let whole = trace.edits.length
    let [from, to] = [Number(values.from ?? 0), Math.min(Number(values.to ?? whole), whole)]
    let expected = replay(trace, to)
    if (to === whole && expected !== trace.end) throw new Error("the trace's edits do not lead to its own end")
    return { before: replay(trace, from), edits: trace.edits.slice(from, to), expected, perFrame: Number(values["per-frame"] ?? 8) }
  } catch (error) {
    console.error(error.message)
    process.exit(2)
  }
}

async function run({ before, edits, expected, perFrame }) {
  let anna = await openPerson(browser)
  let ben = await openPerson(browser)
  await anna.context.addInitScript({ path: TYPIST })
  await ben.context.addInitScript({ path: TYPIST })
  await Promise.all([anna.open(server, "trace"), ben.open(server, "trace")])
  if (before) await anna.paste(before)
  await ben.reads(before)
  await anna.page.evaluate(([edits, perFrame]) => window.typist.type(edits, perFrame), [edits, perFrame])
  let began = performance.now()
  let gap = await killInTheMiddle(anna, ben, edits.length)
  await hasTyped(anna, edits.length)
  let seconds = (performance.now() - began) / 1_000
  let behind = await behindBy(anna, ben, expected)
  await anna.says("saved")
  let carl = await openPerson(browser)
  await carl.open(server, "trace")
  let texts = { "who typed": anna, "who followed": ben, "who came fresh": carl }
  let right = true
  for (let [who, person] of Object.entries(texts)) {
    await person.until(length => window.witness.text().length === length, expected.length).catch(() => {})
    let same = (await person.text()) === expected
    right &&= same
    console.log(`${who}: ${same ? "exactly the text" : "ANOTHER TEXT"}`)
  }
  let complaints = [...(await anna.complaints()), ...(await ben.complaints()), ...(await carl.complaints()), ...gap.lies]
  for (let complaint of complaints) console.log(`complaint: ${complaint}`)
  await figures({ anna, ben, edits, seconds, behind, gap })
  return right && complaints.length === 0
}

/** Kills the server when half is typed and starts it again; how long the pages took to be live again. */
async function killInTheMiddle(anna, ben, count) {
  let half = Math.floor(count / 2)
  await hasTyped(anna, half)
  await server.kill()
  await hasTyped(anna, Math.min(half + TYPED_WITHOUT_SERVER / 2, count))
  let since = await anna.now()
  await hasTyped(anna, Math.min(half + TYPED_WITHOUT_SERVER, count))
  let states = await anna.states(since)
  let lies = states.filter(({ state }) => state === "saved").map(({ at }) => `called saved without a server at ${at}`)
  await server.start()
  let began = performance.now()
  let live = who =>
    who.until(() => ["saving", "saved"].includes(window.witness.state())).then(() => performance.now() - began)
  let [typist, follower] = await Promise.all([live(anna), live(ben)])
  return { typist, follower, lies }
}

function hasTyped(who, count) {
  return who.page.waitForFunction(count => count <= window.typist.done, count, { timeout: 600_000 })
}

/** Milliseconds from the last edit in one page to the moment the other shows the same. */
async function behindBy(anna, ben, expected) {
  let arrived = await ben.until(expected => {
    return window.witness.text() === expected && performance.timeOrigin + performance.now()
  }, expected)
  return (await arrived.jsonValue()) - (await anna.page.evaluate(() => window.typist.lastAt))
}

async function figures({ anna, ben, edits, seconds, behind, gap }) {
  let work = await anna.page.evaluate(() => window.typist.work.sort((a, b) => a - b))
  let share = part => `${work[Math.floor((work.length - 1) * part)].toFixed(2)} ms`
  let memory = who => who.page.evaluate(() => `${(window.typist.memoryBytes() / 2 ** 20).toFixed(1)} MiB`)
  console.log(`edits: ${edits.length} in ${seconds.toFixed(1)} s, ${Math.round(edits.length / seconds)} a second`)
  console.log(`main thread an edit: p50 ${share(0.5)}, p95 ${share(0.95)}, longest ${share(1)}`)
  console.log(`the follower was equal ${behind.toFixed(0)} ms after the last edit`)
  console.log(`live after the server was ready again: ${gap.typist.toFixed(0)} ms typing, ${gap.follower.toFixed(0)} ms following`)
  console.log(`wasm memory: ${await memory(anna)} typing, ${await memory(ben)} following`)
}
