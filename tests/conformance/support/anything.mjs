/** Random changes of a document, to every kind of content that Yjs can share. It knows no connection. */
import * as Y from "yjs"

/** Types inside one another; the server's limit is far above. */
const DEPTH = 6

const WORDS = ["a", "word ", "🙂", "日本", "\n", "e\u0301", "שלום", "\0", "x".repeat(200)]
const KEYS = ["a", "b", "🙂", ""]
const NAMES = ["paragraph", "list", "image"]
const FORMATS = [{ bold: true }, { bold: null }, { em: {} }, { link: { href: "/" } }, { link: null }]
const VALUES = [
  "plain, 🙂",
  "",
  true,
  null,
  0,
  -1,
  2 ** 31 - 1,
  2 ** 53 - 1,
  0.1,
  -Infinity,
  [1, [2, { deep: [null] }]],
  { a: { b: [Uint8Array.of(1)] }, "": [] },
]

/** Changes one thing somewhere, as `random(n)` has it, a whole number below `n`. */
export function changeAnything(doc, random) {
  const roots = [doc.getText("text"), doc.getMap("map"), doc.getArray("array"), doc.getXmlFragment("xml")]
  if (random(20) === 0) return changeChapters(doc, random)
  // The roots more often than all that is in them.
  const types = random(3) === 0 ? roots.flatMap(root => within(root, 1)) : roots.map(type => ({ type, depth: 1 }))
  const { type, depth } = pick(types, random)
  const make = () => content(random, depth)
  if (type instanceof Y.Text) changeText(type, random, make)
  else if (type instanceof Y.XmlFragment) changeXml(type, random)
  else if (type instanceof Y.Map) changeMap(type, random, make)
  else changeArray(type, random, make)
}

function pick(all, random) {
  return all[random(all.length)]
}

/** A type and all types in it, each with its depth. */
function within(type, depth) {
  return [{ type, depth }, ...children(type).flatMap(child => within(child, depth + 1))]
}

function children(type) {
  return inside(type).filter(child => child instanceof Y.AbstractType)
}

function inside(type) {
  if (type instanceof Y.Text) return type.toDelta().map(piece => piece.insert)
  if (type instanceof Y.Map) return [...type.values()]
  return type.toArray()
}

/** Something to put into a map, an array or a text: a value, bytes or a type. */
function content(random, depth) {
  const choice = random(depth < DEPTH ? 12 : 8)
  if (choice < 7) return pick(VALUES, random)
  if (choice < 8) return Uint8Array.from({ length: random(300) }, () => random(256))
  if (choice < 9) return new Y.Map([[pick(KEYS, random), pick(VALUES, random)]])
  if (choice < 10) return Y.Array.from([pick(VALUES, random), new Y.Array()])
  if (choice < 11) return new Y.Text(pick(WORDS, random))
  return new Y.XmlElement(pick(NAMES, random))
}

function changeText(text, random, make) {
  const at = betweenCharacters(text, random(text.length + 1))
  const end = betweenCharacters(text, Math.min(text.length, at + 1 + random(12)))
  const choice = random(20)
  if (choice < 9) text.insert(at, pick(WORDS, random), random(4) === 0 ? pick(FORMATS, random) : undefined)
  else if (choice < 13) text.delete(at, end - at)
  else if (choice < 17) text.format(at, end - at, pick(FORMATS, random))
  else if (choice < 18) text.insertEmbed(at, { image: "data:,", size: [640, 480] }, { width: 100 })
  else if (choice < 19) text.insertEmbed(at, embeddable(make()))
  else text.setAttribute(pick(KEYS, random), pick(VALUES, random))
}

/** The offset, or the one after it: Yjs cuts an emoji in two for a format that changes nothing, and tells nobody. */
function betweenCharacters(text, offset) {
  let at = 0
  for (const { insert } of text.toDelta()) {
    const length = typeof insert === "string" ? insert.length : 1
    if (offset < at + length) {
      const cuts = typeof insert === "string" && offset > at && insert.codePointAt(offset - at - 1) > 0xffff
      return cuts ? offset + 1 : offset
    }
    at += length
  }
  return offset
}

/** Yjs writes any other embed as JSON, which has no bytes and no infinity: its author would have something else. */
function embeddable(value) {
  return value instanceof Y.AbstractType ? value : { by: "nobody" }
}

function changeMap(map, random, make) {
  const key = pick(KEYS, random)
  if (random(5) === 0) map.delete(key)
  else map.set(key, make())
}

function changeArray(array, random, make) {
  const at = random(array.length + 1)
  if (random(4) === 0) array.delete(at, Math.min(array.length - at, random(4)))
  else array.insert(at, Array.from({ length: 1 + random(3) }, make))
}

function changeXml(fragment, random) {
  const at = random(fragment.length + 1)
  const choice = random(10)
  if (choice < 3) fragment.insert(at, [new Y.XmlElement(pick(NAMES, random)), new Y.XmlText(pick(WORDS, random))])
  else if (choice < 5) fragment.delete(at, Math.min(fragment.length - at, 1 + random(2)))
  else if (!(fragment instanceof Y.XmlElement)) fragment.insert(at, [new Y.XmlElement(pick(NAMES, random))])
  else if (choice < 8) fragment.setAttribute(pick(["align", "level"], random), pick(["left", "2"], random))
  else fragment.removeAttribute(pick(["align", "level"], random))
}

function changeChapters(doc, random) {
  const chapters = doc.getMap("chapters")
  const name = pick(KEYS, random)
  if (random(3) === 0) chapters.delete(name)
  else chapters.set(name, new Y.Doc({ guid: `chapter-${random(1000)}`, autoLoad: random(2) === 0 }))
}
