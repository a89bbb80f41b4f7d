/**
 * Recorded editing sessions in the sequential format of github.com/josephg/editing-traces.
 * Knows no editor.
 */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"

/** A trace as single edits `[from, to, inserted]` in UTF-16 offsets. Throws a sentence when it cannot be read. */
export function readTrace(path) {
  let { startContent, endContent, txns } = parse(path)
  if (!Array.isArray(txns)) throw new Error(`${path} is not a sequential editing trace`)
  let patches = txns.flatMap(txn => txn.patches)
  let start = startContent ?? ""
  return { start, end: endContent, edits: isBasic(start, patches) ? simple(patches) : counted(start, patches) }
}

/** The text after some of the edits. */
export function replay({ start, edits }, count) {
  let text = start
  for (let [from, to, inserted] of edits.slice(0, count)) text = text.slice(0, from) + inserted + text.slice(to)
  return text
}

function parse(path) {
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new Error(`the trace ${path} cannot be read (${error.code}): name a file such as sveltecomponent.json.gz`)
  }
  return JSON.parse(path.endsWith(".gz") ? gunzipSync(bytes) : bytes)
}

/** Whether code points, which traces count, are the same as UTF-16 units. */
function isBasic(start, patches) {
  let astral = /[\u{10000}-\u{10ffff}]/u
  return !astral.test(start) && !patches.some(([, , inserted]) => astral.test(inserted))
}

function simple(patches) {
  return patches.map(([at, deleted, inserted]) => [at, at + deleted, inserted])
}

function counted(start, patches) {
  let characters = [...start]
  let units = (from, to) => characters.slice(from, to).join("").length
  return patches.map(([at, deleted, inserted]) => {
    let from = units(0, at)
    let edit = [from, from + units(at, at + deleted), inserted]
    characters.splice(at, deleted, ...inserted)
    return edit
  })
}
