/**
 * A browser tab as far as the wasm client can tell: a client with an editor's text, kept in step by what it pulls alone.
 * It knows no test.
 */
import { readFileSync } from "node:fs"
import { Client, initSync } from "../../../web/wasm/codraft_client.js"
import { BrowserSocket } from "../../conformance/support/browser-socket.mjs"
import { until } from "../../conformance/support/wait.mjs"
import { Host } from "./host.mjs"

const BUILT = new URL("../../../web/wasm/", import.meta.url)

globalThis.WebSocket ??= BrowserSocket

/** What the wasm module exports, its memory among it. */
export const wasm = initSync({ module: readFileSync(new URL("codraft_client_bg.wasm", BUILT)) })

export { Client }

export class Tab {
  /** The text on the screen. */
  editor = ""
  /** The names of the others, as last told. */
  people = []
  #listeners = new Set()

  /** Connects to a document. */
  constructor(server, room) {
    this.host = new Host(`${server.url}/${room}`, () => this.#woken())
    this.client = new Client(this.host, "content")
    this.host.client = this.client
    this.client.connect()
  }

  #woken() {
    if (!this.client) return
    this.#dispatch(this.client.pull())
    const presence = this.client.presence()
    if (presence) {
      this.people = presence.names.map((name, at) => ({
        name,
        anchor: presence.anchors[at],
        head: presence.heads[at],
      }))
      presence.free()
    }
    for (const listener of this.#listeners) listener()
  }

  /** Calls back after everything the client has woken us for. */
  listen(callback) {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  /** Does to the editor what the client says. */
  #dispatch(changes) {
    if (!changes) return
    this.editor = applied(this.editor, changes.ranges, changes.inserted)
    changes.free()
  }

  /** Types over a range of the text. */
  type(from, to, insert) {
    const ranges = [from, to, insert.length]
    this.client.edit(ranges, insert, from, to)
    this.editor = applied(this.editor, ranges, insert)
  }

  undo() {
    this.#dispatch(this.client.undo())
  }

  redo() {
    this.#dispatch(this.client.redo())
  }

  /** One field of the status. */
  status(field) {
    const status = this.client.status()
    const value = status[field]
    status.free()
    return value
  }

  async synced() {
    await until("the document", [this], () => this.status("synced"))
    return this
  }

  async saved() {
    await until("everything to be saved", [this], () => this.status("saved"))
    return this
  }

  async shows(text) {
    await until(JSON.stringify(text), [this], () => this.editor === text)
  }

  /** Closes the tab. */
  leave() {
    this.host.leave()
    this.client?.free()
    this.client = undefined
  }
}

/** A text after one batch of changes, whose offsets are those before it. */
export function applied(text, ranges, inserted) {
  let [done, kept, used] = ["", 0, 0]
  for (let at = 0; at < ranges.length; at += 3) {
    const [from, to, length] = ranges.slice(at, at + 3)
    done += text.slice(kept, from) + inserted.slice(used, used + length)
    kept = to
    used += length
  }
  return done + text.slice(kept)
}

/** Opens the tabs of one test, keeps them in `all` and closes them after it. */
export function tabsOf(test) {
  const tabs = []
  test.after(() => tabs.forEach(tab => void tab.leave()))
  const open = (server, room) => {
    const tab = new Tab(server, room)
    tabs.push(tab)
    return tab
  }
  return Object.assign(open, { all: tabs })
}
