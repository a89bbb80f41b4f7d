/**
 * Somebody at a browser: what they do at the keyboard, and what they see.
 * Knows the hooks of the pages; it knows no server.
 */
import assert from "node:assert/strict"

/** Long enough for a busy machine and a reconnect that has backed off; nothing waits longer than it has to. */
const PATIENCE_MS = 40_000

export class Person {
  errors = []

  constructor(context, page) {
    this.context = context
    this.use(page)
  }

  /** Goes on in another tab. */
  use(page) {
    this.page = page
    this.keyboard = page.keyboard
    page.setDefaultTimeout(PATIENCE_MS)
    page.on("pageerror", error => this.errors.push(String(error.stack ?? error)))
    page.on("console", message => {
      if (message.type() === "error" && !isNetwork(message)) this.errors.push(message.text())
    })
  }

  /** Goes on in a new tab, with the old one left open or closed before. */
  async newTab() {
    this.use(await this.context.newPage())
  }

  /** Closes the tab, as somebody does who is not asked whether they want to. */
  async closeTab() {
    await this.page.close()
  }

  /** Opens a document, in a tab that knows of no server, and waits until the status line says this. */
  async opensWith(door, name, words) {
    await this.page.goto(door.page(name))
    await this.statusSays(words)
  }

  /** Waits until the status line has these words in it. */
  async statusSays(words) {
    let said = this.until(words => document.getElementById("status")?.textContent.includes(words), words)
    await said.catch(async () => assert.fail(`not ${words}: ${JSON.stringify(await this.states())}`))
  }

  /** Opens a document at a server or a wire, and waits until all of it is there. */
  async open(door, name) {
    await this.page.goto(door.page(name))
    await this.arrives()
  }

  /** Follows a link to a document, and waits until the status line is in this state. */
  async follow(link, state = "saved") {
    // A page is left first: to another key for the same document no browser would go anew.
    await this.page.goto("about:blank")
    await this.page.goto(link)
    await this.says(state)
  }

  /** Waits for the page of a document that something done before leads to. */
  async arrives() {
    await this.page.waitForURL("**/d/*")
    await this.says("saved")
  }

  /** Takes a name, through the popover behind one's own face, and goes back to the text. */
  async rename(name) {
    await this.page.locator("#own-avatar").click()
    await this.page.getByRole("textbox", { name: "Your name" }).fill(name)
    await this.press("Enter")
    await this.enterText()
  }

  /** Does what the page's menu has under this name, and closes the menu if it is still open. */
  async choose(name) {
    await this.page.getByRole("button", { name: "Menu" }).click()
    await this.page.locator("codraft-menu .item").filter({ hasText: name }).click()
    if (await this.page.getByRole("menu").isVisible()) await this.press("Escape")
  }

  /** Clicks into the text; who has come to read takes the view for writing first. */
  async enterText() {
    await this.page.locator("codraft-view-switch").waitFor({ state: "attached" })
    let isReading = await this.page.evaluate(() => document.body.dataset.view === "read")
    if (isReading) await this.page.locator("codraft-view-switch").getByRole("button", { name: "Write", exact: true }).click()
    await this.page.locator(".cm-content").click()
  }

  /** Types with the keyboard; `pace` is the time from key to key. */
  async type(text, pace = 0) {
    await this.keyboard.type(text, { delay: pace })
  }

  async press(...keys) {
    for (let key of keys) {
      await this.keyboard.press(key)
      // What Escape closes gives the focus back; no hand is faster than the next frame.
      if (key === "Escape") await this.page.evaluate(() => window.witness?.frame())
    }
  }

  /** Puts text on the clipboard and presses Ctrl-V. */
  async paste(text) {
    await this.page.evaluate(text => navigator.clipboard.writeText(text), text)
    await this.press("Control+v")
  }

  /** Takes the whole text as a person would, with Ctrl-A and Ctrl-C. */
  async copyAll() {
    await this.page.evaluate(() => navigator.clipboard.writeText("nothing was copied"))
    await this.press("Control+a", "Control+c")
    return this.page.evaluate(() => navigator.clipboard.readText())
  }

  /** Puts the cursor at the end of a line, counted from 1, as a click there would. */
  async goToLine(number) {
    await this.page.locator(".cm-line").nth(number - 1).click()
    await this.press("End")
  }

  text() {
    return this.page.evaluate(() => window.witness.text())
  }

  lines() {
    return this.page.evaluate(() => window.witness.lines())
  }

  /** The main selection, as `[anchor, head]`. */
  selection() {
    return this.page.evaluate(() => {
      let { anchor, head } = window.witness.view().state.selection.main
      return [anchor, head]
    })
  }

  /** Waits until the editor's text is exactly this. */
  async reads(expected) {
    let same = this.until(expected => window.witness.text() === expected, expected)
    await same.catch(async () => assert.equal(await this.text(), expected))
  }

  /** Waits until the status line is in this state, counting from everything done before. */
  async says(state) {
    await this.page.evaluate(() => window.witness.frame())
    let told = this.until(state => window.witness.state() === state, state)
    await told.catch(async () => assert.fail(`not ${state}: ${JSON.stringify(await this.states())}`))
  }

  /** Waits until `condition`, which runs in the page, holds. */
  until(condition, argument) {
    return this.page.waitForFunction(condition, argument)
  }

  /** Everything the status line has shown, or what it has shown since a moment of this page's clock. */
  async states(since = 0) {
    let all = await this.page.evaluate(() => window.witness.states)
    let before = all.filter(({ at }) => at < since)
    return [...before.slice(-1), ...all.filter(({ at }) => since <= at)]
  }

  /** The page's clock once everything done before is on its screen. */
  now() {
    return this.page.evaluate(() => window.witness.frame().then(() => performance.now()))
  }

  /** A session of Chromium's debugging protocol on the page. */
  debug() {
    return this.context.newCDPSession(this.page)
  }

  /** What no page of ours may cause: errors and stopped content. Refused connections are none: they are tested. */
  async complaints() {
    if (this.page.isClosed()) return this.errors
    return [...this.errors, ...(await this.page.evaluate(() => window.witness?.violations ?? []))]
  }

  async leave() {
    await this.context.close()
  }
}

/** Chromium itself reports connections that could not be made, what is refused, and the icon it then guesses. */
function isNetwork(message) {
  let text = message.text()
  if (text.startsWith("WebSocket connection to") || text.startsWith("Failed to load resource: net::ERR")) return true
  // A service worker that is looked for while there is no server.
  if (text.startsWith("An unknown error occurred when fetching the script")) return true
  let { pathname } = new URL(message.location().url || "about:blank")
  if (pathname.startsWith("/api/docs/")) return /status of (40[139]|41[35]|507)/.test(text)
  return text.startsWith("Failed to load resource") && (pathname.startsWith("/d/") || pathname === "/favicon.ico")
}
