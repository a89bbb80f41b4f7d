/**
 * A document with a history: a recorded writing, replayed key by key through Yjs, and as many people's as it takes.
 * Knows no server and no editor.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import * as decoding from "lib0/decoding"
import * as encoding from "lib0/encoding"
import * as Y from "yjs"
import { readTrace } from "../support/trace-file.mjs"

/** How many people wrote the recorded text, each their own. */
const WRITERS = 8
/** How long the text is in the end; what is lacking is pasted. */
const LENGTH = 1_050_000

/** The document as one update, from `cache` where it has been made before. */
export function wornDocument(trace, cache) {
  if (!existsSync(cache)) {
    mkdirSync(dirname(cache), { recursive: true })
    writeFileSync(cache, make(trace))
  }
  let update = readFileSync(cache)
  let doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  let text = doc.getText("content")
  let blocks = 0
  for (let item = text._start; item; item = item.right) blocks++
  return { update, text: text.toString(), blocks }
}

function make(path) {
  let { edits } = readTrace(path)
  let one = new Y.Doc()
  one.clientID = 1
  let text = one.getText("content")
  for (let [from, to, inserted] of edits) {
    one.transact(() => {
      if (to > from) text.delete(from, to - from)
      if (inserted) text.insert(from, inserted)
    })
  }
  let written = Y.encodeStateAsUpdate(one)
  let all = new Y.Doc()
  // Each begins where the one before ended.
  let [client, last] = [100_000, lastOf(text)]
  for (let writer = 0; writer < WRITERS; writer++) {
    Y.applyUpdate(all, renamed(written, client + writer, writer ? [client + writer - 1, last] : null))
  }
  all.clientID = 99_999
  let whole = all.getText("content")
  let page = text.toString()
  while (whole.length < LENGTH) whole.insert(0, `${page.slice(0, LENGTH - whole.length)}\n`)
  return Y.encodeStateAsUpdate(all)
}

/** The clock of the last character of a text, gone or not. */
function lastOf(text) {
  let item = text._start
  while (item.right) item = item.right
  return item.lastId.clock
}

/**
 * The same operations by another client, behind a character of somebody else's if one is named. They are words and
 * deletions alone, of one client.
 */
function renamed(update, client, behind) {
  let [from, to] = [decoding.createDecoder(update), encoding.createEncoder()]
  let number = () => {
    let value = decoding.readVarUint(from)
    encoding.writeVarUint(to, value)
    return value
  }
  let name = () => {
    decoding.readVarUint(from)
    encoding.writeVarUint(to, client)
  }
  let words = () => encoding.writeVarString(to, decoding.readVarString(from))
  let block = () => {
    let info = decoding.readUint8(from)
    let isFirst = info && !(info & 0x80) && behind
    encoding.writeUint8(to, isFirst ? info | 0x80 : info)
    if (isFirst) for (let part of behind) encoding.writeVarUint(to, part)
    for (let flag of [0x80, 0x40]) if (info & flag) name(), number()
    if (info && !(info & 0xc0)) isFirst ? (decoding.readVarUint(from), decoding.readVarString(from)) : (number(), words())
    if ((info & 0x1f) === 4) words()
    else number()
  }
  number()
  let blocks = number()
  name()
  number()
  while (blocks--) block()
  if (number()) name()
  for (let ranges = number(); ranges > 0; ranges--) number(), number()
  return encoding.toUint8Array(to)
}
