/**
 * What developers do wrong, and what they are told: one message in the console, one event.
 * Knows the codes of errors, and of each message the words that help.
 */
import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { rm } from "node:fs/promises"
import { test } from "node:test"
import { atEnd } from "../browser/support/ending.mjs"
import { freePort, startServer } from "../browser/support/server.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { byVite } from "./support/builds.mjs"
import { openSite, PLAIN } from "./support/site.mjs"

let browser = sharedBrowser()

/** Opens the plain page with a query, and hears of one error of this kind. */
async function fails(t, { site: options, query, code, words, path = "" }) {
  let site = await openSite(t, PLAIN, options)
  let ann = await browser.page(t, { expects: ["codraft: ", "404", "wasm", "violates"] })
  await ann.open(`${site.origin}/${path}?${typeof query === "function" ? query(site) : query}`)
  let [{ message }, ...more] = await ann.tells("error", code)
  assert.match(message, words)
  assert.equal(more.length, 0, "it is told once")
  assert.equal(ann.said.filter(said => said.includes(message)).length, 1, "and said once in the console")
  return { ann, site }
}

test("an editor without a document says so, and begins when it is told which", async t => {
  let { ann, site } = await fails(t, { query: "", code: "no-document", words: /doc="notes"/ })
  await ann.page.locator("codraft-editor .codraft-failed").filter({ hasText: "which document" }).waitFor()
  let server = await startServer(t, "--allow-origin", site.origin)
  await ann.page.evaluate(server => {
    editor.setAttribute("server", server)
    editor.setAttribute("doc", "notes")
  }, server.origin)
  await ann.ready()
  assert.equal(await ann.page.locator(".codraft-failed").count(), 0)
})

test("a name that no document can have is refused before anybody is asked", async t => {
  await fails(t, { query: `doc=${encodeURIComponent("a/../b")}`, code: "no-document", words: /1 to 1,024 bytes/ })
})

test("an address that is none is said to be none", async t => {
  await fails(t, { query: "doc=notes&server=docs.example.org", code: "wrong-server", words: /"docs\.example\.org" is no address/ })
})

test("where nobody answers it is asked whether a server is running", async t => {
  let port = await freePort()
  await fails(t, { query: `doc=notes&server=ws://127.0.0.1:${port}`, code: "unreachable", words: /Nothing answers at ws:/ })
})

test("a server that lets no other site in says how to let this one in", async t => {
  let server = await startServer(t)
  let query = `doc=notes&server=${server.origin}`
  let { site } = await fails(t, { query, code: "unreachable", words: /--allow-origin http:\/\/127/ })
  assert.ok(site.origin)
})

test("wasm that is not there, or may not run, is told with what helps", async t => {
  let server = await startServer(t)
  let query = `doc=notes&server=${server.origin}`
  await fails(t, { query, site: { missing: ["/codraft/codraft.wasm"] }, code: "wasm", words: /codraft\.wasm.*wasm-url/ })
  await fails(t, { query: `${query}&wasm-url=/elsewhere.wasm`, code: "wasm", words: /elsewhere\.wasm/ })
  let headers = { "Content-Security-Policy": "script-src 'self'" }
  await fails(t, { query, site: { headers }, code: "wasm", words: /'wasm-unsafe-eval'/ })
})

test("a refused token asks for another, and a good one is let in", async t => {
  let site = await openSite(t, PLAIN)
  let server = await startServer(t, "--access", "tokens", "--allow-origin", site.origin)
  let token = server.command("token", "--doc", "notes", "--role", "editor", "--ttl", "1h")
  let ann = await browser.page(t, { expects: ["codraft: "] })
  await ann.open(`${site.origin}/?server=${server.origin}&doc=notes&token=nonsense`)
  let [{ message }] = await ann.tells("error", "refused")
  assert.match(message, /4401.*another token/)
  await ann.tells("auth-required")
  assert.equal(await ann.page.evaluate(() => editor.view.state.readOnly), true)
  await ann.page.evaluate(token => editor.setAttribute("token", token), token)
  await ann.ready()
  await ann.type("let in")
  await ann.page.evaluate(() => editor.flush())
})

test("a viewer's editor is read-only, and a provider is asked for each attempt", async t => {
  let site = await openSite(t, PLAIN)
  let server = await startServer(t, "--access", "tokens", "--allow-origin", site.origin)
  let token = role => server.command("token", "--doc", "notes", "--role", role, "--ttl", "1h")
  let writer = await browser.page(t)
  await writer.open(`${site.origin}/?server=${server.origin}&doc=notes&token=${token("editor")}`)
  await writer.ready()
  await writer.type("only to be read")
  let ann = await browser.page(t, { expects: ["codraft: This person may only read"] })
  await ann.open(`${site.origin}/empty.html`)
  await ann.until(() => window.codraft)
  await ann.page.evaluate(
    ([server, token]) => {
      window.asked = 0
      let editor = Object.assign(document.createElement("codraft-editor"), { id: "editor" })
      editor.tokenProvider = async () => {
        window.asked++
        return token
      }
      editor.setAttribute("server", server)
      editor.setAttribute("doc", "notes")
      document.querySelector("main").append(editor)
    },
    [server.origin, token("viewer")],
  )
  await ann.reads("only to be read")
  await ann.until(() => editor.view.state.readOnly && editor.status.state === "reading")
  // Nor does a program write what would not be kept.
  await ann.page.evaluate(() => {
    editor.value = "something else"
  })
  await ann.tells("error", "read-only")
  assert.equal(await ann.text(), "only to be read")
  await ann.page.evaluate(() => {
    editor.disconnect()
    editor.connect()
  })
  await ann.until(() => window.asked === 2 && editor.status.state === "reading")
})

test("history() beside codraft() is told of", async t => {
  let folder = await byVite()
  atEnd(t, () => rm(folder, { recursive: true }))
  let site = await openSite(t, folder)
  let server = await startServer(t, "--allow-origin", site.origin)
  let ann = await browser.page(t, { expects: ["codraft: history()"] })
  await ann.open(`${site.origin}/codemirror.html?server=${server.origin}&doc=notes&beside=history`)
  await ann.until(() => window.errors?.length === 2)
  let [error] = await ann.page.evaluate(() => window.errors)
  assert.equal(error.code, "history")
  assert.match(error.message, /basicSetup/)
})

test("extensions of another copy of CodeMirror are told of and left out", async t => {
  let folder = await byVite()
  atEnd(t, () => rm(folder, { recursive: true }))
  let site = await openSite(t, PLAIN)
  let server = await startServer(t, "--allow-origin", site.origin)
  let ann = await browser.page(t, { expects: ["codraft: There are two copies"] })
  await ann.open(`${site.origin}/empty.html`)
  await ann.until(() => window.codraft)
  let failed = await ann.page.evaluate(async server => {
    // Another copy of the same package is another CodeMirror, whose values mean nothing to this one.
    let other = await import("/codraft/standalone.js?again")
    let editor = Object.assign(document.createElement("codraft-editor"), { id: "editor" })
    editor.setAttribute("server", server)
    editor.setAttribute("doc", "notes")
    editor.extensions = [other.codemirror.view.EditorView.lineWrapping]
    document.querySelector("main").append(editor)
    await editor.ready()
    // And the other way round: ours in an editor of theirs.
    let session = codraft.createSession({ server, doc: "notes" })
    let codes = []
    session.on("error", ({ code }) => codes.push(code))
    try {
      other.codemirror.state.EditorState.create({ extensions: codraft.codraft(session) })
    } catch (error) {
      codes.push(error.name)
    }
    await Promise.resolve()
    session.end()
    return codes
  }, server.origin)
  assert.deepEqual(failed, ["Error", "two-states"])
  let [{ message }] = await ann.tells("error", "two-states")
  assert.match(message, /npm ls @codemirror\/state/)
  await ann.type("all the same")
})

test("on a server the package is imported, and a session says that it needs a browser", () => {
  let script = `
    import { createSession, CodraftError } from "codraft"
    import "codraft/define"
    import { CodraftEditor } from "codraft/element"
    import { codraft } from "codraft/codemirror"
    import { CodraftEditor as Component } from "codraft/react"
    import "codraft/inline"
    if (![CodraftEditor, codraft, Component].every(part => typeof part === "function")) throw new Error("something is missing")
    try { createSession({ doc: "notes" }) } catch (error) { console.log(error instanceof CodraftError, error.code) }`
  let said = execFileSync("node", ["--input-type=module", "-e", script], { cwd: new URL(".", import.meta.url), encoding: "utf8" })
  assert.equal(said.trim(), "true no-browser")
})
