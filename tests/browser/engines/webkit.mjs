/**
 * A WebKit, which is what Safari shows pages with, and somebody at it.
 * Knows no test. It is GTK's, on a screen that nobody sees; its driver speaks WebDriver, and Selenium speaks it, too.
 */
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { Builder, Key } from "selenium-webdriver"
import { waitForServer } from "selenium-webdriver/http/util.js"
import { atEnd } from "../support/ending.mjs"
import { freePort } from "../support/server.mjs"
import { PATIENCE_MS, Person, WITNESS } from "./person.mjs"

/** The names that `strike` knows, as WebDriver has them. */
const KEYS = { Control: Key.CONTROL, Shift: Key.SHIFT, End: Key.END, ArrowLeft: Key.ARROW_LEFT, Enter: Key.ENTER }
const COMPLAINTS = `
  window.complaints = []
  addEventListener("error", ({ message }) => window.complaints.push(message))
  addEventListener("unhandledrejection", ({ reason }) => window.complaints.push(String(reason)))`

/** Where the driver is; nothing where there is none. */
export const webkitDriver = process.env.CODRAFT_WEBKIT

/** Somebody for the test `t`, at whose end their page must not have complained. */
export async function webkitPerson(t) {
  let display = await openScreen(t)
  let port = await freePort()
  // A driver has one session.
  await startProgram(t, webkitDriver, [`--port=${port}`, "--host=127.0.0.1"], { ...process.env, DISPLAY: display })
  let driver = await connected(port)
  atEnd(t, () => driver.quit())
  let person = new WebKitPerson(driver)
  atEnd(t, async () => assert.deepEqual(await person.complaints(), [], "what the page complained about"))
  return person
}

/** A screen that nobody sees; says its name. */
async function openScreen(t) {
  let screen = await startProgram(t, "Xvfb", ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
  let ended = once(screen, "exit").then(() => assert.fail("Xvfb ended before it was there"))
  let [number] = await Promise.race([once(createInterface(screen.stdio[3]), "line"), ended])
  return `:${number}`
}

async function startProgram(t, program, args, env = process.env) {
  let child = spawn(program, args, { env, stdio: ["ignore", "ignore", "ignore", "pipe"] })
  await once(child, "spawn")
  atEnd(t, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    let ended = once(child, "exit")
    child.kill()
    await ended
  })
  return child
}

/** A session with the driver at `port`, as soon as that listens. */
async function connected(port) {
  let address = `http://127.0.0.1:${port}`
  await waitForServer(address, PATIENCE_MS)
  let driver = await new Builder().usingServer(address).withCapabilities({ browserName: "MiniBrowser" }).build()
  // What is waited for in vain is to be told of by the page, and not by the driver.
  await driver.manage().setTimeouts({ script: 2 * PATIENCE_MS })
  return driver
}

class WebKitPerson extends Person {
  /** What pages that are gone have complained about. */
  before = []

  constructor(driver) {
    super()
    this.driver = driver
  }

  async go(address) {
    await this.driver.get(address)
    await this.watch()
  }

  async reload() {
    this.before = await this.complaints()
    await this.driver.navigate().refresh()
    await this.watch()
  }

  /** This driver has no way to be there before the page's own scripts. */
  watch() {
    return this.driver.executeScript(WITNESS + COMPLAINTS)
  }

  /** What an expression or a function says in the page. */
  run(what) {
    return this.driver.executeScript(typeof what === "function" ? `return (${what})()` : `return ${what}`)
  }

  async complaints() {
    return [...this.before, ...(await this.run(() => [...window.complaints, ...window.witness.violations]))]
  }

  async type(text) {
    await this.driver.actions().sendKeys(text.replaceAll("\n", Key.ENTER)).perform()
  }

  async strike(names) {
    let keys = names.map(name => KEYS[name] ?? name)
    let actions = this.driver.actions()
    for (let key of keys) actions.keyDown(key)
    for (let key of keys.toReversed()) actions.keyUp(key)
    await actions.perform()
  }
}
