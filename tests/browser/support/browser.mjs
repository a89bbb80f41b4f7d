/**
 * One Chromium for a file of tests, and the people in it: each has a profile of their own.
 * Knows how a browser is started, not what is done in it.
 */
import assert from "node:assert/strict"
import { after, before } from "node:test"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"
import { atEnd } from "./ending.mjs"
import { Person } from "./person.mjs"
import { startServer } from "./server.mjs"

const WITNESS = fileURLToPath(new URL("witness.js", import.meta.url))
const READER = fileURLToPath(new URL("reader.js", import.meta.url))

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** A browser for all tests of the calling file. */
export function sharedBrowser() {
  let browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser?.close())
  /** Somebody for the test `t`, at whose end their page must not have complained. */
  async function person(t, options) {
    let person = await openPerson(browser, options)
    atEnd(t, async () => {
      let complaints = await person.complaints()
      await person.leave()
      assert.deepEqual(complaints, [], "what the page complained about")
    })
    return person
  }
  /** Two people in one document of a server of their own. */
  async function meeting(t, name = "meeting") {
    let server = await startServer(t)
    let [anna, ben] = [await person(t), await person(t)]
    await Promise.all([anna.open(server, name), ben.open(server, name)])
    return { server, anna, ben }
  }
  /** Somebody alone with a document of a server of their own. */
  async function alone(t, name, options) {
    let server = await startServer(t)
    let anna = await person(t, options)
    await anna.open(server, name)
    return { server, anna, page: anna.page }
  }
  return { person, meeting, alone }
}

/** A running Chromium; `more` are flags of its own. */
export async function openBrowser(...more) {
  let executablePath = process.env.CODRAFT_CHROMIUM ?? "/usr/bin/chromium"
  let launch = () => chromium.launch({ executablePath, args: [...FLAGS, ...more] })
  // Chromium has been seen to crash at its start; twice in a row it would be no accident.
  return launch().catch(error => {
    console.error("Chromium did not start, and is started again:", error)
    return launch()
  })
}

/** Somebody with a fresh profile; `options` are Playwright's for a context. */
export async function openPerson(browser, options = {}) {
  let context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options })
  await context.addInitScript({ path: WITNESS })
  await context.addInitScript({ path: READER })
  return new Person(context, await context.newPage())
}
