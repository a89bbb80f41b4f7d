/**
 * The element on pages without a bundler: one script, and the tag.
 * Knows no build tool.
 */
import { test } from "node:test"
import { startServer } from "../browser/support/server.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { openSite, PLAIN } from "./support/site.mjs"

let browser = sharedBrowser()

test("one script and one tag are an editor that two people write in", async t => {
  let site = await openSite(t, PLAIN)
  let server = await startServer(t, "--allow-origin", site.origin)
  let address = `${site.origin}/?server=${server.origin}&doc=notes`
  let [ann, ben] = [await browser.page(t), await browser.page(t)]
  await ann.open(address)
  await ann.ready()
  await ann.type("from Ann")
  await ann.until(() => document.querySelector("codraft-editor").status.state === "saved")
  await ben.open(address)
  await ben.reads("from Ann")
  await ben.type(", and Ben")
  await ann.reads("from Ann, and Ben")
})
