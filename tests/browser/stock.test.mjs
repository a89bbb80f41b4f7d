/**
 * Stock editors with their own providers, as `examples/` sets them up, on pages of another site.
 * Knows the hooks of those editors, and none of ours.
 */
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { copyFile, mkdir } from "node:fs/promises"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { sharedBrowser } from "./support/browser.mjs"
import { atEnd } from "./support/ending.mjs"
import { freePort, startServer } from "./support/server.mjs"
import { sharedSite } from "./support/site.mjs"

let browser = sharedBrowser()
let site = sharedSite("codemirror.html", "tiptap.html")

const CODEMIRROR = { page: "codemirror.html", at: ".cm-content", line: ".cm-line", caret: ".cm-ySelectionInfo" }
const TIPTAP = { page: "tiptap.html", at: ".ProseMirror", line: ".ProseMirror p", caret: ".collaboration-carets__label" }
/** Where the packages that an example names are found: beside the tests. */
const WORKPLACE = new URL("node_modules/.examples/", import.meta.url)
/** Seconds for which the tokens of the example's backend are good here: they end while somebody types. */
const TOKEN_SECONDS = 2

/** Somebody at a stock editor. */
class Writer {
  constructor(person, editor, server) {
    this.person = person
    this.page = person.page
    this.editor = editor
    this.server = server
  }

  async open(name) {
    let query = new URLSearchParams({ server: this.server.origin.replace("http", "ws"), doc: "stock", name })
    await this.page.goto(`${site().origin}/${this.editor.page}?${query}`)
  }

  says(status) {
    return this.person.until(status => document.querySelector("#status").textContent === status, status)
  }

  /** Waits until it says why it will not come back. */
  stopped() {
    let why = /access was removed|does not let anybody in/
    return this.page.locator("#status", { hasText: why }).waitFor()
  }

  async type(text) {
    await this.page.locator(this.editor.at).click()
    await this.page.keyboard.press("Control+End")
    await this.page.keyboard.type(text)
  }

  /** Waits for exactly these lines, without the carets of others in them. */
  async reads(...lines) {
    let shown = ({ line, caret, lines }) => {
      let plain = element => {
        let copy = element.cloneNode(true)
        for (let inner of copy.querySelectorAll(`[class*="-ySelectionCaret"], .collaboration-carets__caret`)) inner.remove()
        return copy.textContent.replaceAll("\u2060", "")
      }
      let now = [...document.querySelectorAll(line)].map(plain)
      return JSON.stringify(now) === JSON.stringify(lines)
    }
    await this.person.until(shown, { ...this.editor, lines }).catch(async () => {
      assert.deepEqual(await this.page.locator(this.editor.line).allTextContents(), lines)
    })
  }

  /** Waits until somebody's caret is shown. */
  async sees(name) {
    await this.page.locator(this.editor.caret, { hasText: name }).first().waitFor({ state: "attached" })
  }
}

/** Anna and Ben in one document, and their server. */
async function meeting(t, editor) {
  let server = await startServer(t, "--allow-origin", site().origin)
  let [anna, ben] = [await browser.person(t), await browser.person(t)].map(who => new Writer(who, editor, server))
  await Promise.all([anna.open("Anna"), ben.open("Ben")])
  return { server, anna, ben }
}

test("two people at CodeMirror with y-websocket write together, and with somebody at our page", async t => {
  let { server, anna, ben } = await meeting(t, CODEMIRROR)
  await Promise.all([anna.says("connected"), ben.says("connected")])
  await anna.type("from Anna 🙂\n")
  await ben.reads("from Anna 🙂", "")
  await ben.sees("Anna")
  await ben.type("from Ben")
  await anna.sees("Ben")
  let carol = await browser.person(t)
  await carol.open(server, "stock")
  await carol.reads("from Anna 🙂\nfrom Ben")
  await carol.enterText()
  await carol.press("Control+End")
  await carol.type("\nfrom Carol")
  await carol.says("saved")
  for (let who of [anna, ben]) await who.reads("from Anna 🙂", "from Ben", "from Carol")
  await anna.page.reload()
  await anna.reads("from Anna 🙂", "from Ben", "from Carol")
})

test("two people at Tiptap with Hocuspocus write together, and what is called saved outlives kill -9", async t => {
  let { server, anna, ben } = await meeting(t, TIPTAP)
  await Promise.all([anna.says("saved"), ben.says("saved")])
  await anna.type("from Anna 🙂\n")
  await anna.page.keyboard.press("Control+b")
  await anna.page.keyboard.type("bold")
  await ben.reads("from Anna 🙂", "bold")
  await ben.sees("Anna")
  await ben.page.locator("strong", { hasText: "bold" }).waitFor()
  await ben.type(" and Ben")
  await anna.sees("Ben")
  await ben.says("saved")
  await server.kill()
  await ben.page.locator(TIPTAP.at).press("Control+End")
  await ben.page.keyboard.type(", offline")
  await ben.says("not saved yet")
  await server.start()
  await ben.says("saved")
  for (let who of [anna, ben]) await who.reads("from Anna 🙂", "bold and Ben, offline")
  await anna.page.reload()
  await anna.reads("from Anna 🙂", "bold and Ben, offline")
})

test("a page of a site that was not named is not let in", async t => {
  let server = await startServer(t)
  let anna = new Writer(await browser.person(t), CODEMIRROR, server)
  let refused = anna.page.waitForEvent("console", message => message.text().includes("Unexpected response code: 403"))
  await anna.open("Anna")
  await refused
  await anna.type("in vain")
  let own = await browser.person(t)
  await own.open(server, "stock")
  await own.reads("")
})

/** The app of `examples/backend.mjs` with a key for a server of its own: its address, and that server. */
async function app(t) {
  let port = await freePort()
  let origin = `http://localhost:${port}`
  let server = await startServer(t, "--access", "tokens", "--allow-origin", origin)
  let said = server.command("key", "new")
  let path = fileURLToPath(new URL("backend.mjs", WORKPLACE))
  await mkdir(WORKPLACE, { recursive: true })
  await copyFile(new URL("../../examples/backend.mjs", import.meta.url), path)
  let key = { KEY_ID: /^key id \(kid\): (.+)$/m.exec(said)[1], KEY: said.trim().split("\n").at(-1) }
  let of = { SERVER: server.origin.replace("http", "ws"), PORT: port, SECONDS: TOKEN_SECONDS }
  let env = { ...process.env, ...key, ...of }
  let backend = spawn("node", [path], { env, cwd: fileURLToPath(WORKPLACE), stdio: ["ignore", "pipe", "inherit"] })
  atEnd(t, () => backend.kill("SIGKILL"))
  await once(backend.stdout, "data")
  return { origin, server, key }
}

test("the users of an app with a backend come in as whom they are, and stay after their tokens have ended", async t => {
  let { origin, server, key } = await app(t)
  let [ann, ben] = [await browser.person(t), await browser.person(t)].map(who => new Writer(who, CODEMIRROR, server))
  await ann.page.goto(`${origin}/?user=ann`)
  await ben.page.goto(`${origin}/?user=ben`)
  await Promise.all([ann.says("connected"), ben.says("connected")])
  await ann.type("from Ann 🙂")
  await ben.reads("from Ann 🙂")
  await ben.sees("Ann")
  assert.equal(await ben.page.locator(".cm-content").getAttribute("contenteditable"), "false")
  await ann.says("disconnected")
  await ann.type(", still")
  await ben.reads("from Ann 🙂, still")
  server.command("key", "remove", key.KEY_ID)
  await Promise.all([ann.stopped(), ben.stopped()])
})
