/** What Markdown is drawn as, and what of it is not. */
import { expect, test } from "vitest"
import { htmlOf } from "../src/export/html"
import { plainText } from "../src/export/plain"
import { blocksOf, parse } from "../src/preview/blocks"
import { dialect } from "../src/preview/dialect"
import type { Formula } from "../src/preview/draw"
import type { Markup } from "../src/preview/markup"
import { formula } from "../src/preview/math"

let md = dialect()

function blocks(text: string, how: Formula = formula) {
  return blocksOf(parse(md, text), how)
}

function whole(text: string): Markup {
  let all = blocks(text)
  return { ops: all.flatMap(({ ops }) => Array.from(ops)), text: all.map(({ text }) => text).join("") }
}

function html(text: string): Promise<string> {
  return htmlOf(whole(text), {
    page: "https://docs.example/d/doc",
    isForClipboard: false,
    image: async address => `data:image/png;base64,${btoa(address)}`,
    code: async text => text.replace(/</g, "&lt;"),
    diagram: async text => ({ address: "data:image/svg+xml,x", alt: text }),
  })
}

test("GitHub's tables, strokes, addresses, tasks and footnotes are drawn", async () => {
  expect(await html("| a | b |\n| :-: | --- |\n| ~~c~~ | d<br>e |")).toBe(
    '<div class="wide"><table><thead><tr><th class="center" dir="auto">a</th><th dir="auto">b</th></tr></thead>' +
      '<tbody><tr><td class="center" dir="auto"><s>c</s></td><td dir="auto">d<br>e</td></tr></tbody></table></div>',
  )
  expect(await html("see https://a.example/x_y and www.b.example/q.")).toBe(
    '<p dir="auto">see <a href="https://a.example/x_y" rel="noopener noreferrer nofollow" class="bare">https://a.example/x_y</a> and ' +
      '<a href="https://www.b.example/q" rel="noopener noreferrer nofollow" class="bare">www.b.example/q</a>.</p>',
  )
  expect(await html("- [x] done\n- [ ] open")).toMatch(
    /checked aria-label="done">done.*disabled aria-label="open">open/,
  )
  expect(await html("one[^n] two[^n]\n\n[^n]: why")).toMatch(
    /id="fnref-1" class="note">1<.*id="fnref-1-2".*<section class="footnotes"><ol><li id="fn-1"><p dir="auto">why <a href="#fnref-1"/,
  )
  expect(await html("> [!WARNING]\n> mind the step")).toBe(
    '<blockquote dir="auto" class="alert warning"><p class="alert-title">Warning</p><p dir="auto">mind the step</p></blockquote>',
  )
  expect(await html("notes.md and first\nsecond")).toBe('<p dir="auto">notes.md and first<br>second</p>')
})

test("headings have ids, each once", async () => {
  let found = await html("# Über uns!\n\n# Über uns\n\n## \n\n# a b_c-d")
  expect([...found.matchAll(/id="([^"]*)"/g)].map(([, id]) => id)).toEqual([
    "über-uns",
    "über-uns-1",
    "section",
    "a-b_c-d",
  ])
})

test("formulas are MathML, and what is none stays as it was", async () => {
  expect(await html("so $x^2$ it is")).toMatch(/<span class="formula"><math.*<msup><mi>x<\/mi>/)
  expect(await html("$$\n\\frac12\n$$")).toMatch(/^<div class="formula display"><math.*<mfrac/)
  expect(await html("```math\n1+1\n```")).toMatch(/^<div class="formula display"><math/)
  expect(await html("it costs $5 or $6, not \\$7$")).not.toContain("<math")
  expect(await html("$\\frac{1}$")).toMatch(/<code class="wrong">\\frac\{1\}<\/code><span class="why">/)
  expect(await html(`$${"\\sqrt{".repeat(200)}x${"}".repeat(200)}$`)).toContain("nested too deeply")
  expect(await html("$\\href{javascript:hit(1)}{x}\\url{javascript:hit(2)}$")).not.toMatch(/href=|<math/)
})

test("front matter and comments are not read, rules are", async () => {
  expect(await html("---\ntitle: x\n---\n\nwords")).toBe('<p dir="auto">words</p>')
  expect(await html("---\n\nwords\n\n---")).toBe('<hr><p dir="auto">words</p><hr>')
  expect(await html("<!-- a\n\nb -->\n\nc <!-- d --> e")).toBe('<p dir="auto">c  e</p>')
  expect(await html("<!-- never closed")).toContain("never closed")
})

test("no markup of a text becomes markup of the page, and no address leads where none should", async () => {
  let hostile = [
    "<script>hit(1)</script>",
    "<img src=x onerror=hit(1)>",
    "[a](javascript:hit(1)) [b](<JaVaScRiPt:hit(1)>) [c](data:text/html,<script>hit(1)</script>) [d](vbscript:x)",
    "![a](javascript:hit(1)) ![b](data:image/svg+xml;base64,PHN2Zz4=) ![c](file:///etc/passwd) ![d](//evil.example/x.png)",
    "[e](java&#10;script:hit(1)) [f](&#x6a;avascript:hit(1)) <javascript:hit(1)> [g]: javascript:hit(1)\n[g]",
    '[h](https://a.example "\\" onmouseover=hit(1) x=\\"")',
    "# <b onclick=hit(1)>x</b>",
    "`<script>`",
    '```"><script>hit(1)</script>\nx\n```',
    "| <img src=x onerror=hit(1)> |\n|---|\n| [x](javascript:hit(1)) |",
    "[^1]: <script>hit(1)</script>\n\nx[^1]",
    "$\\text{<img src=x onerror=hit(1)>}$ $\\color{url(https://evil.example)}x$ $\\style{x}{y}$ $\\class{x}{y}$",
  ]
  for (let text of hostile) {
    let found = await html(text)
    expect(found).not.toMatch(/<(?:script|iframe|object|embed|form|style|svg|base|meta)\b/i)
    expect(found.replace(/"[^"]*"/g, "")).not.toMatch(/<[^>]*\son\w+=/i)
    expect(found).not.toMatch(/(?:href|src)="(?!https?:|mailto:|#|data:image\/png)/i)
    expect(found).not.toMatch(/<[^>]*url\(/i)
  }
})

test("other people's images are named and not loaded, own ones are taken along", async () => {
  expect(await html("![a cat](https://pictures.example/c.png)")).toBe(
    '<p dir="auto"><a class="missing foreign" href="https://pictures.example/c.png" rel="noopener noreferrer nofollow">' +
      '<span class="alt">a cat</span> <span class="host">Image from pictures.example</span></a></p>',
  )
  expect(await html("![x](/api/docs/doc/files/ab.png)")).toContain(
    `src="data:image/png;base64,${btoa("/api/docs/doc/files/ab.png")}"`,
  )
  expect(await html("![x](/api/docs/doc/files/../../../other)")).not.toContain("data:")
})

test("a block knows its lines, and keeps its number when it moves", () => {
  let before = blocks("# a\n\nb\nb\n\n- c\n- d\n")
  expect(before.map(({ line, end }) => [line, end])).toEqual([
    [0, 1],
    [2, 4],
    [5, 7],
  ])
  let after = blocks("new\n\n# a\n\nb\nb\n\n- c\n- d\n")
  expect(after.slice(1).map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash))
  expect(after.slice(1).map(({ line }) => line)).toEqual([2, 4, 7])
})

test("a box knows the place of its letter", () => {
  let text = "intro\n\n> - [ ] a\n>   1. [x] b\n"
  let places = blocks(text).flatMap(({ text, line }) =>
    [...text.matchAll(/(\d):(\d+)/g)].map(([, at, column]) => [line + Number(at), Number(column)]),
  )
  let lines = text.split("\n")
  expect(places.map(([line = 0, column = 0]) => lines[line]?.slice(column - 1, column + 2))).toEqual([
    "[ ]",
    "[x]",
  ])
})

test("as plain text everything is there that would be read out", () => {
  let text =
    "# Title\n\nSome **bold** words,\nand [a link](https://a.example/).\n\n- one\n- two\n  1. deep\n  2. er\n\n> quoted\n> again\n\n" +
    "- [x] done\n\n| a | b |\n|---|---|\n| c | d |\n\n```js\nlet x\n\nlet y\n```\n\n$x^2$\n"
  expect(plainText(whole(text))).toBe(
    "Title\n\nSome bold words,\nand a link (https://a.example/).\n\n- one\n- two\n  1. deep\n  2. er\n\n> quoted\n> again\n\n" +
      "- [x] done\n\na\tb\nc\td\n\nlet x\n\nlet y\n\nx^2\n",
  )
})

test.each(["$a ", "<!--", "$$a\n", "[^a]", "> ", "[![", "a[^1]\n\n", "**a ", "|", "- a\n", "1. [ ] $x$\n"])(
  "a text of nothing but %j does not take long",
  { timeout: 30_000 },
  part => {
    let began = performance.now()
    blocks(part.repeat(20_000))
    expect(performance.now() - began).toBeLessThan(20_000)
  },
)
