/**
 * Another app, as far as a document knows it: what Yjs makes of what the app keeps there.
 * Knows the server's HTTP for updates, and no browser.
 */
import * as Y from "yjs"

/** An app's copy of a document of a server. */
export class App {
  doc = new Y.Doc()

  /** `key` opens the document, where it needs one. */
  constructor(server, name, key) {
    this.headers = key ? { Authorization: `Bearer ${key}` } : {}
    this.url = `${server.origin}/api/docs/${encodeURIComponent(name)}/update`
  }

  /** Changes its copy, and waits until the server has that. */
  async write(change) {
    change(this.doc)
    let answer = await fetch(this.url, { method: "POST", headers: this.headers, body: Y.encodeStateAsUpdate(this.doc) })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  }

  /** The document as the server has it. */
  async read() {
    let answer = await fetch(this.url, { headers: this.headers })
    Y.applyUpdate(this.doc, new Uint8Array(await answer.arrayBuffer()))
    return this.doc
  }
}

/** A paragraph as ProseMirror's binding keeps it. */
export function paragraph(words) {
  let paragraph = new Y.XmlElement("paragraph")
  paragraph.insert(0, [new Y.XmlText(words)])
  return paragraph
}
