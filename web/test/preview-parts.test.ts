/** The small parts of the preview that know no text as a whole. */
import { expect, test } from "vitest"
import { fileName } from "../src/export/names"
import { imageTarget, linkTarget } from "../src/preview/addresses"
import { kept } from "../src/preview/difference"
import { Pen, Reader } from "../src/preview/markup"
import { placeIn } from "../src/preview/place"
import { splice } from "../src/preview/splice"
import { stylesOf } from "../src/preview/styles"
import { chance, seeds } from "./seeds"

const PAGE = "https://docs.example/d/doc"

test("markup is read as it was written, and unknown elements and attributes are not written", () => {
  let pen = new Pen()
  pen.open("p", { dir: "auto", onclick: "hit(1)", line: 0, title: undefined })
  pen.write("a")
  pen.whole("script", "b", { src: "x" })
  pen.close()
  let said: string[] = []
  new Reader(pen.take()).all({
    open: (tag, attributes) => said.push(`<${tag} ${JSON.stringify([...attributes])}>`),
    write: text => said.push(text),
    close: () => said.push("/"),
  })
  expect(said).toEqual(['<p [["dir","auto"],["line","0"]]>', "a", '<span [["src","x"]]>', "b", "/", "/"])
})

test("what is kept rises in both lists and is the same, and little is made anew", () => {
  expect([...kept([1, 2, 3, 4], [1, 9, 3, 4])]).toEqual([0, -1, 2, 3])
  expect([...kept([1, 2, 3], [3, 1, 2])]).toEqual([-1, 0, 1])
  expect([...kept([5, 5, 5], [5, 5])]).toEqual([0, 1])
  expect([...kept([], [1])]).toEqual([-1])
})

test.each(seeds(50))("seed %i: what is kept rises in both lists and is the same", seed => {
  let below = chance(seed)
  let old = Array.from({ length: 60 }, () => below(40))
  let next = old.flatMap(part => (below(10) === 0 ? [] : below(10) === 0 ? [part, 100] : [part]))
  let last = -1
  for (let [at, place] of kept(old, next).entries()) {
    if (place < 0) continue
    expect(old[place]).toBe(next[at])
    expect(place).toBeGreaterThan(last)
    last = place
  }
})

test("edits at both ends of a long list leave the middle alone", () => {
  let old = Array.from({ length: 5_000 }, (_, at) => at)
  let next = [-1, ...old.slice(1, 2_500), -2, ...old.slice(2_500, -1), -3]
  expect(kept(old, next).filter(at => at < 0).length).toBe(3)
})

test("links lead to the web, to mail and to places on the page", () => {
  expect(linkTarget("https://a.example/b", PAGE)).toBe("https://a.example/b")
  expect(linkTarget("other", PAGE)).toBe("https://docs.example/d/other")
  expect(linkTarget("#part", PAGE)).toBe("#part")
  expect(linkTarget("mailto:a@b.example", PAGE)).toBe("mailto:a@b.example")
  for (let bad of [
    "javascript:x",
    " javascript:x",
    "java\nscript:x",
    "data:text/html,x",
    "blob:x",
    "file:///x",
    "http://",
  ]) {
    expect(linkTarget(bad, PAGE), bad).toBeNull()
  }
})

test("images are own files, pictures in the text, or foreign", () => {
  expect(imageTarget("/api/docs/doc/files/ab.png", PAGE)).toEqual({
    kind: "own",
    address: "/api/docs/doc/files/ab.png",
  })
  expect(imageTarget("/api/docs/doc/files/%2e%2e/x", PAGE).kind).not.toBe("own")
  expect(imageTarget("/api/docs/doc/links", PAGE).kind).toBe("foreign")
  expect(imageTarget("data:image/png;base64,AAAA", PAGE).kind).toBe("inline")
  expect(imageTarget("data:image/svg+xml;base64,AAAA", PAGE).kind).toBe("none")
  expect(imageTarget("uploading:7", PAGE).kind).toBe("uploading")
  expect(imageTarget("https://x.example/a.png", PAGE)).toMatchObject({ kind: "foreign", host: "x.example" })
})

test("styles are few, and ask for nothing", () => {
  expect(stylesOf("color:#ff0000;padding-left:0.1em")).toEqual([
    ["color", "#ff0000"],
    ["padding-left", "0.1em"],
  ])
  expect(stylesOf("background:url(x);color:URL(x);position:fixed;behavior:x;color:expression('x')")).toEqual(
    [],
  )
})

test("a place in what is read is found in what was written", () => {
  let written = "Some **bold** and [a link](https://x.example/long/path) here"
  expect(placeIn(written, "Some bo")).toBe(written.indexOf("ld**"))
  expect(placeIn(written, "Some bold and a link he")).toBe(written.indexOf("re", written.indexOf("here")))
  expect(placeIn(written, "")).toBe(0)
})

test("edits of a string are those of the editor", () => {
  expect(splice("abcdef", [1, 2, 2, 4, 4, 1], "XYZ")).toBe("aXYcdZef")
  expect(splice("abc", [], "")).toBe("abc")
})

test("a file has a name that every system takes", () => {
  expect(fileName("Notes: a/b\\c?", "md", "document")).toBe("Notes a b c.md")
  expect(fileName("..\u202egnp.exe", "txt", "document")).toBe("gnp.exe.txt")
  expect(fileName("con", "md", "document")).toBe("_con.md")
  expect(fileName("\u0000/", "html", "document")).toBe("document.html")
  expect([...fileName("é".repeat(300), "md", "document")].length).toBe(83)
})
