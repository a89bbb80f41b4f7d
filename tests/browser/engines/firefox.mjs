/**
 * A Firefox, and somebody at it.
 * Knows no test. Playwright would need a Firefox of its own making; Puppeteer drives the one that people have, by WebDriver BiDi.
 */
import assert from "node:assert/strict"
import puppeteer from "puppeteer-core"
import { atEnd } from "../support/ending.mjs"
import { Person, WITNESS } from "./person.mjs"

/** Somebody for the test `t`, at whose end their page must not have complained. */
export async function firefoxPerson(t) {
  let executablePath = process.env.CODRAFT_FIREFOX ?? "/usr/bin/firefox-esr"
  // One browser each: a page that is not seen has to wait for its timers.
  let browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true })
  atEnd(t, () => browser.close())
  let person = new FirefoxPerson(await browser.newPage())
  atEnd(t, () => assert.deepEqual(person.errors, [], "what the page complained about"))
  await person.page.evaluateOnNewDocument(WITNESS)
  return person
}

class FirefoxPerson extends Person {
  errors = []

  constructor(page) {
    super()
    this.page = page
    page.on("pageerror", ({ message }) => {
      // What the page tries while there is no server is the test's doing.
      if (!/can’t establish a connection|was interrupted while/.test(message)) this.errors.push(message)
    })
  }

  go(address) {
    return this.page.goto(address)
  }

  reload() {
    return this.page.reload()
  }

  /** What an expression or a function says in the page. */
  run(what) {
    return this.page.evaluate(what)
  }

  async type(text) {
    await this.page.keyboard.type(text)
  }

  async strike(keys) {
    for (let key of keys) await this.page.keyboard.down(key)
    for (let key of keys.toReversed()) await this.page.keyboard.up(key)
  }
}
