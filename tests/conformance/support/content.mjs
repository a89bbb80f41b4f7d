/** A document with everything in it that Yjs can share, and how to read it back. It knows no connection. */
import * as Y from "yjs"

/** Values of every kind that lib0 encodes, with the extremes of each. */
const VALUES = {
  string: "plain, 🙂 and 日本語\0",
  empty: "",
  yes: true,
  no: false,
  null: null,
  undefined: undefined,
  zero: 0,
  negative: -1,
  byte: 127,
  "31 bits": 2 ** 31 - 1,
  "32 bits": 2 ** 32 + 1,
  "53 bits": Number.MAX_SAFE_INTEGER,
  "-53 bits": Number.MIN_SAFE_INTEGER,
  float32: 0.5,
  float64: 0.1,
  tiny: Number.MIN_VALUE,
  huge: Number.MAX_VALUE,
  infinity: -Infinity,
  "not a number": NaN,
  bigint: 2n ** 60n + 1n,
  "-bigint": -(2n ** 60n) - 1n,
  bytes: Uint8Array.of(0, 1, 127, 128, 255),
  "no bytes": new Uint8Array(),
  list: [1, [2, [3, [null, { deep: [undefined] }]]], {}],
  record: { a: { b: { c: [{ "d 🙂": Uint8Array.of(1) }] } }, "": [] },
}

/** A record in a record and so on, `depth` times. */
function nested(depth) {
  return depth === 0 ? "bottom" : { [depth]: [nested(depth - 1)] }
}

/** Writes all of it, in several transactions. */
export function fill(doc) {
  fillText(doc.getText("text"))
  fillMap(doc.getMap("map"))
  fillArray(doc.getArray("array"))
  fillXml(doc.getXmlFragment("xml"))
  fillSubdocuments(doc)
}

function fillText(text) {
  text.insert(0, "Bold, italic, 🙂 and 日本語.\n")
  text.format(0, 4, { bold: true })
  text.format(2, 10, { italic: { by: "nobody", since: 1.5 } })
  text.insertEmbed(6, { image: "data:,", size: [640, 480] }, { width: 100 })
  text.insertEmbed(text.length, new Y.Map([["a shared type as an embed", 1]]))
  text.applyDelta([
    { retain: 3, attributes: { bold: null } },
    { insert: "link", attributes: { href: "/" } },
    { delete: 2 },
  ])
  text.delete(8, 5)
  text.setAttribute("language", "en")
}

function fillMap(map) {
  for (const [key, value] of Object.entries(VALUES)) map.set(key, value)
  map.set("nested", nested(20))
  map.set("overwritten", 1)
  map.set("overwritten", new Y.Map([["inner", new Y.Array()]]))
  map
    .get("overwritten")
    .get("inner")
    .push([1, new Y.Text("text in an array in a map in a map")])
  map.set("deleted", new Y.Map([["child", new Y.Map([["grandchild", 1]])]]))
  map.delete("deleted")
}

function fillArray(array) {
  // Yjs takes these two only inside a value or as a map's.
  array.push(Object.values(VALUES).filter(value => value !== undefined && typeof value !== "bigint"))
  array.push([[undefined, 2n ** 60n + 1n]])
  array.insert(3, [new Y.Map(Object.entries(VALUES)), Y.Array.from([Y.Array.from([Y.Array.from([1])])])])
  array.insert(0, ["first"])
  array.delete(4, 2)
}

function fillXml(fragment) {
  const paragraph = new Y.XmlElement("paragraph")
  const words = new Y.XmlText("words with ")
  fragment.insert(0, [paragraph, new Y.XmlText("loose"), new Y.XmlElement("image")])
  paragraph.insert(0, [words, new Y.XmlElement("break")])
  paragraph.setAttribute("align", "left")
  paragraph.setAttribute("level", 2)
  paragraph.setAttribute("removed", "x")
  paragraph.removeAttribute("removed")
  words.insert(words.length, "emphasis", { em: {} })
  words.setAttribute("lang", "de")
  words.insertEmbed(0, { mention: "ann" })
  fragment.get(2).setAttribute("src", "a.png")
}

function fillSubdocuments(doc) {
  const chapters = doc.getMap("chapters")
  chapters.set("one", new Y.Doc({ guid: "chapter-1", autoLoad: true }))
  chapters.set("two", new Y.Doc({ guid: "chapter-2", gc: false }))
}

/** Changes what `fill` wrote, for two peers to do at once: `who` keeps their marks apart. */
export function change(doc, who) {
  const text = doc.getText("text")
  text.insert(text.length >> 1, `<${who}>`, { by: who })
  text.format(1, 9, { [who]: true, bold: who === "ann" })
  text.delete(0, 2)
  doc.getMap("map").set("overwritten", who)
  doc.getMap("map").set(who, new Y.Map([[who, [who]]]))
  doc.getArray("array").delete(1, 3)
  doc.getArray("array").insert(2, [new Y.Text(who), who])
  const paragraph = doc.getXmlFragment("xml").get(0)
  paragraph.setAttribute("align", who)
  paragraph.insert(1, [new Y.XmlElement(who)])
  paragraph.get(0).format(0, 5, { who })
  doc.getMap("chapters").set(who, new Y.Doc({ guid: who }))
}

/** Everything in the document, as plain values. */
export function read(doc) {
  return {
    text: plain(doc.getText("text")),
    map: plain(doc.getMap("map")),
    array: plain(doc.getArray("array")),
    xml: doc.getXmlFragment("xml").toArray().map(plain),
    html: doc.getXmlFragment("xml").toString(),
    chapters: plain(doc.getMap("chapters")),
  }
}

function plain(value) {
  if (value instanceof Y.Doc) return { guid: value.guid, load: value.autoLoad, gc: value.gc }
  if (value instanceof Y.Text) return { delta: value.toDelta().map(piece), attributes: value.getAttributes() }
  if (value instanceof Y.XmlElement) {
    return { name: value.nodeName, attributes: value.getAttributes(), children: value.toArray().map(plain) }
  }
  if (value instanceof Y.Map)
    return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]).sort())
  if (value instanceof Y.Array) return value.toArray().map(plain)
  return value
}

function piece({ insert, attributes = {} }) {
  return { insert: plain(insert), attributes }
}
