/**
 * People who type in a document, each over a connection and under a client id of their own, and all with one copy of it:
 * ten copies of a large document would take more of the machine than what is measured.
 * Knows the y-websocket dialect through y-protocols, and nobody's page.
 */
import * as decoding from "lib0/decoding"
import * as encoding from "lib0/encoding"
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness"
import { readSyncMessage, writeSyncStep1, writeUpdate } from "y-protocols/sync"
import * as Y from "yjs"

const [SYNC, AWARENESS] = [0, 1]
const WORDS = "the document that people write together is worth more than what each of them would have written alone ".split("")

let query = new URLSearchParams(location.search)
let url = `${query.get("server")}/ws/${encodeURIComponent(query.get("doc"))}`
let doc = new Y.Doc()
let text = doc.getText("content")

window.peers = {
  edits: 0,
  length: () => text.length,
  text: () => text.toString(),

  /** Has so many people come in; resolves when the document is here. */
  async come(count) {
    this.all = Array.from({ length: count }, (_, n) => new Peer(n))
    await Promise.all(this.all.map(peer => peer.ready))
  },

  /** Everyone types, so many letters a second each, for so long, and takes back a part of it; resolves with the number of edits. */
  async type(perSecond, seconds, { seed = 1, carets = true, near = null, erased = 0.1 } = {}) {
    let random = numbers(seed)
    let before = this.edits
    let began = performance.now()
    let due = () => ((performance.now() - began) / 1_000) * perSecond * this.all.length
    while (performance.now() - began < seconds * 1_000) {
      for (let n = this.edits - before; n < due(); n++) this.all[n % this.all.length].strike(random, carets, near, erased)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    return this.edits - before
  },
}

class Peer {
  at = -1
  saidAt = 0

  constructor(number) {
    this.client = 1_000_000 + number
    this.awareness = new Awareness(Object.assign(new Y.Doc(), { clientID: this.client }))
    let user = { name: `Peer ${number}`, color: "#b45309", colorLight: "#b4530933", id: `peer-${number}` }
    this.awareness.setLocalStateField("user", user)
    this.socket = new WebSocket(url)
    this.socket.binaryType = "arraybuffer"
    this.ready = new Promise(resolve => {
      this.socket.onopen = () => {
        // The first reads for all of them.
        if (number === 0) this.send(SYNC, encoder => writeSyncStep1(encoder, doc))
        else resolve()
      }
      this.socket.onmessage = ({ data }) => number === 0 && this.receive(new Uint8Array(data), resolve)
    })
  }

  receive(bytes, resolve) {
    let decoder = decoding.createDecoder(bytes)
    if (decoding.readVarUint(decoder) !== SYNC) return
    let encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, SYNC)
    let kind = readSyncMessage(decoder, encoder, doc, "remote")
    if (encoding.length(encoder) > 1) this.socket.send(encoding.toUint8Array(encoder))
    if (kind === 1) resolve()
  }

  send(kind, write) {
    let encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, kind)
    write(encoder)
    this.socket.send(encoding.toUint8Array(encoder))
  }

  /** One key: mostly a letter, now and then Backspace, now and then elsewhere. */
  strike(random, carets, near, erased) {
    let elsewhere = this.at < 0 || this.at > text.length || random() < 0.02
    if (elsewhere) this.at = near === null ? Math.floor(random() * text.length) : Math.min(near + Math.floor(random() * 2_000), text.length)
    let letter = WORDS[window.peers.edits % WORDS.length]
    let erases = this.at > 0 && random() < erased
    doc.clientID = this.client
    let heard = update => this.send(SYNC, encoder => writeUpdate(encoder, update))
    doc.on("update", heard)
    doc.transact(() => (erases ? text.delete(this.at - 1, 1) : text.insert(this.at, letter)))
    doc.off("update", heard)
    this.at += erases ? -1 : 1
    window.peers.edits++
    if (carets && performance.now() - this.saidAt > 100) this.showCaret()
  }

  showCaret() {
    this.saidAt = performance.now()
    let here = JSON.parse(JSON.stringify(Y.createRelativePositionFromTypeIndex(text, this.at)))
    this.awareness.setLocalStateField("cursor", { anchor: here, head: here })
    let update = encodeAwarenessUpdate(this.awareness, [this.client])
    this.send(AWARENESS, encoder => encoding.writeVarUint8Array(encoder, update))
  }
}

/** Numbers between 0 and 1 that are the same in every run (mulberry32). */
function numbers(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
