/**
 * Somebody at a Firefox of their own: what they do at the keyboard, and what they see.
 * Knows no test. Playwright would need a Firefox of its own making; Puppeteer drives the one that people have, by WebDriver BiDi.
 */
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import puppeteer from "puppeteer-core"
import { atEnd } from "./ending.mjs"

const WITNESS = await readFile(new URL("witness.js", import.meta.url), "utf8")
const PATIENCE_MS = 40_000

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

class FirefoxPerson {
  errors = []

  constructor(page) {
    this.page = page
    page.on("pageerror", ({ message }) => {
      // What the page tries while there is no server is the test's doing.
      if (!/can’t establish a connection|was interrupted while/.test(message)) this.errors.push(message)
    })
  }

  async open(server, name) {
    await this.page.goto(server.page(name))
    await this.says("saved")
  }

  /** Waits until the editor's text is exactly this. */
  reads(expected) {
    return this.until(expected => window.witness.text() === expected, expected)
  }

  /** Waits until the status line is in this state, counting from everything done before. */
  async says(state) {
    await this.page.evaluate(() => window.witness.frame())
    await this.until(state => window.witness.state() === state, state)
  }

  /** Waits until `condition`, which runs in the page, holds; `argument` is anything that JSON knows. */
  async until(condition, argument = null) {
    // Puppeteer's own waiting makes a function of a text, which the pages forbid.
    let waiting = `new Promise((resolve, reject) => {
      let holds = () => (${condition})(${JSON.stringify(argument)})
      let look = () => {
        try {
          if (holds()) resolve("")
          else if (performance.now() > until) resolve(document.getElementById("status")?.textContent + ": " + window.witness.text())
          else requestAnimationFrame(look)
        } catch (error) {
          reject(error)
        }
      }
      let until = performance.now() + ${PATIENCE_MS}
      look()
    })`
    assert.equal(await this.page.evaluate(waiting), "", `in vain: ${condition} with ${JSON.stringify(argument)}`)
  }

  async type(text) {
    await this.page.keyboard.type(text)
  }

  /** Strikes keys, as in `Control+b`. */
  async press(...strokes) {
    for (let stroke of strokes) {
      let keys = stroke.split("+")
      for (let key of keys) await this.page.keyboard.down(key)
      for (let key of keys.toReversed()) await this.page.keyboard.up(key)
    }
  }
}
