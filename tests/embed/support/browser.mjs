/**
 * One Chromium for a file of tests, and pages in it that notice what nobody should: errors, and what a policy has stopped.
 * Knows how an editor on any page is found and typed into.
 */
import assert from "node:assert/strict"
import { after, before } from "node:test"
import { openBrowser } from "../../browser/support/browser.mjs"
import { atEnd } from "../../browser/support/ending.mjs"

/** Long enough for a busy machine; nothing waits longer than it has to. */
const PATIENCE_MS = 40_000

/** A browser for all tests of the calling file; `page(t)` opens a page in a profile of its own. */
export function sharedBrowser() {
  let browser
  before(async () => {
    browser = await openBrowser("--js-flags=--expose-gc")
  })
  after(() => browser?.close())
  return {
    /** A page; `expects` are words of complaints that the test wants to see. */
    async page(t, { expects = [], ...options } = {}) {
      let context = await browser.newContext(options)
      let visitor = new Visitor(await context.newPage(), expects)
      await visitor.begin()
      atEnd(t, async () => {
        let unexpected = await visitor.complaints()
        await context.close()
        assert.deepEqual(unexpected, [], "what the page complained about")
      })
      return visitor
    },
  }
}

/** Chromium itself reports connections that could not be made, as when a server is stopped. */
function isNetwork(words) {
  return words.startsWith("WebSocket connection to") || words.startsWith("Failed to load resource: net::ERR")
}

/** Somebody at a page with an editor on it. */
class Visitor {
  said = []

  constructor(page, expects) {
    this.page = page
    this.expects = expects
    page.setDefaultTimeout(PATIENCE_MS)
    page.on("pageerror", error => this.said.push(String(error.stack ?? error)))
    page.on("console", message => {
      if (isNetwork(message.text())) return
      if (message.type() === "error" || message.text().includes("codraft:")) this.said.push(message.text())
    })
  }

  async begin() {
    await this.page.addInitScript(() => {
      window.violations = []
      window.told = []
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        window.violations.push(`${violatedDirective} ${blockedURI}`),
      )
      let kinds = ["ready", "change", "input", "selection", "status", "peers", "error", "auth-required"]
      for (let kind of kinds)
        document.addEventListener(`codraft-${kind}`, ({ detail, target }) => {
          let { code, message, state } = detail ?? {}
          window.told.push({ kind, id: target.id, ...(code && { code, message }), ...(state && { state }) })
        })
    })
  }

  open(address) {
    return this.page.goto(address)
  }

  /** Waits until the editor has its document. */
  ready(selector = "codraft-editor") {
    return this.page.waitForFunction(async selector => {
      let editor = document.querySelector(selector)
      if (!editor?.ready) return false
      await editor.ready()
      return true
    }, selector)
  }

  text(selector = "codraft-editor") {
    return this.page.evaluate(selector => document.querySelector(selector).value, selector)
  }

  /** Waits until the editor has exactly this text. */
  async reads(expected, selector = "codraft-editor") {
    let same = this.until(([selector, expected]) => document.querySelector(selector)?.value === expected, [selector, expected])
    await same.catch(async () => assert.equal(await this.text(selector), expected))
  }

  /** Clicks into an editor and types at the end of its text. */
  async type(words, selector = "codraft-editor") {
    await this.page.locator(`${selector} .cm-content`).click()
    await this.page.keyboard.press("Control+End")
    await this.page.keyboard.type(words)
  }

  until(condition, argument) {
    return this.page.waitForFunction(condition, argument)
  }

  /** Waits for an event of this kind; with a code, for that one. */
  async tells(kind, code) {
    await this.until(([kind, code]) => window.told.some(one => one.kind === kind && (!code || one.code === code)), [kind, code])
    return this.page.evaluate(([kind, code]) => window.told.filter(one => one.kind === kind && (!code || one.code === code)), [kind, code])
  }

  async complaints() {
    let stopped = this.page.isClosed() ? [] : await this.page.evaluate(() => window.violations ?? [])
    return [...this.said, ...stopped].filter(words => !this.expects.some(expected => words.includes(expected)))
  }
}
