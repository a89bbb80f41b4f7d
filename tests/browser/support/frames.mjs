/**
 * A site that shows documents in frames.
 * Knows a page with a frame in it, and no server of documents.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import { atEnd } from "./ending.mjs"
import { freePort } from "./server.mjs"

/**
 * A site that lives as long as the test `t`. Tests' servers are at 127.0.0.1: to browsers every other name is another site,
 * whose frames get no storage from these browsers.
 */
export async function frameSite(t, name = "localhost") {
  let port = await freePort()
  let site = new FrameSite(`http://${name}:${port}`)
  let server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8")
    answer.end(site.html)
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  atEnd(t, () => server.close())
  return site
}

class FrameSite {
  html = ""

  constructor(origin) {
    this.origin = origin
  }

  /** Opens the site's page with this in a frame; returns the frame. */
  async shows(person, address) {
    this.html = `<!doctype html><html lang="en"><title>Another site</title>
      <iframe src="${address.replaceAll("&", "&amp;")}" title="A document" width="900" height="500"></iframe></html>`
    return this.opens(person)
  }

  /** Opens the site's page as it is; returns its frame. */
  async opens({ page }) {
    await page.goto(this.origin)
    return page.frames()[1]
  }
}
