/**
 * What comes from the clipboard: addresses, rich text and cells become Markdown, and Shift leaves them as they are.
 * Knows the editor's text, and nothing of the network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

async function alone(t) {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "pasting")
  return { anna, page: anna.page }
}

/** Pastes as another program would have copied: several kinds of the same. */
function pasteKinds(who, kinds) {
  return who.page.evaluate(kinds => {
    let clipboardData = new DataTransfer()
    for (let [type, text] of Object.entries(kinds)) clipboardData.setData(type, text)
    let event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
    window.witness.view().contentDOM.dispatchEvent(event)
  }, kinds)
}

/** Puts rich text on the real clipboard. */
function copy(who, html, text) {
  return who.page.evaluate(
    async ([html, text]) => {
      let kinds = { "text/html": new Blob([html], { type: "text/html" }), "text/plain": new Blob([text], { type: "text/plain" }) }
      await navigator.clipboard.write([new ClipboardItem(kinds)])
    },
    [html, text],
  )
}

const CASES = [
  ["<h2>Plan</h2><p>One <b>bold</b>, <i>italic</i> and <s>struck</s>.</p>", "## Plan\n\nOne **bold**, *italic* and ~~struck~~."],
  ["<p>a<strong> b </strong>c</p>", "a **b** c"],
  ["<p><b>one</b><b> two</b></p>", "**one two**"],
  ["<p><b>a <i>b</i></b></p>", "**a *b***"],
  ['<p>see <a href="https://example.org/a_(b)">this page</a></p>', "see [this page](https://example.org/a_(b))"],
  ['<p>no <a href="javascript:alert(1)">harm</a> <a href="/local">here</a></p>', "no harm here"],
  ["<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", "- one\n  - two\n- three"],
  ["<ul><li>one</li><ul><li>two</li></ul></ul>", "- one\n  - two"],
  ['<ol start="3"><li>one</li><li><p>two</p><p>more</p></li></ol>', "3. one\n4. two\n\n   more"],
  ['<ul><li><input type="checkbox" checked> done</li><li><input type="checkbox">open</li></ul>', "- [x] done\n- [ ] open"],
  ["<blockquote><p>said</p><p>so</p></blockquote>", "> said\n>\n> so"],
  ['<pre><code class="language-js">let a = 1\nlet b</code></pre>', "```js\nlet a = 1\nlet b\n```"],
  ["<p>run <code>a`b</code> now</p>", "run ``a`b`` now"],
  [
    '<table><tr><th>Bed</th><th style="text-align: right">Size</th></tr><tr><td>1</td><td><b>a|b</b></td></tr></table>',
    "| Bed |     Size |\n| --- | -------: |\n| 1   | **a\\|b** |",
  ],
  ['<p><b>x</b> 2 * 3 * 4 _no_ # [a](b) &lt;b&gt; 1`</p><p># no</p><p>- no</p><p>1. no</p>', "**x** 2 \\* 3 \\* 4 \\_no\\_ # \\[a](b) \\<b> 1\\`\n\n\\# no\n\n\\- no\n\n1\\. no"],
  ["<p>one<br>two <em>x</em></p><hr><p>b</p>", "one\\\ntwo *x*\n\n---\n\nb"],
  ['<p><img src="https://example.org/a.png" alt="a cat"> <img src="data:image/png;base64,x" alt="drawn"> <em>x</em></p>', "![a cat](https://example.org/a.png) drawn *x*"],
  // As Google's documents are.
  [
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p><span style="font-weight:400">One </span><span style="font-weight:700">two</span></p><br><ul><li aria-level="1"><p><span>item</span></p></li></ul></b>',
    "One **two**\n\n- item",
  ],
  // As Word's are.
  [
    "<html xmlns:o='x'><head><style>p{color:red}</style></head><body><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span>·<span>&nbsp;&nbsp; </span></span>one</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span>o<span>&nbsp; </span></span>two <b>x</b></p></body></html>",
    "- one\n  - two **x**",
  ],
  ["<div><div><p>deep <em>down</em></p></div></div><script>alert(1)</script><p>end</p>", "deep *down*\n\nend"],
]

test("rich text becomes Markdown of the same meaning, and nothing in it runs or is fetched", async t => {
  let { anna, page } = await alone(t)
  let fetched = []
  page.on("request", request => fetched.push(request.url()))
  for (let [html, markdown] of CASES) {
    await anna.press("Control+a", "Delete")
    await pasteKinds(anna, { "text/html": html, "text/plain": "plain" })
    await anna.until(() => window.witness.text() !== "")
    assert.equal(await anna.text(), markdown, html)
  }
  assert.deepEqual(fetched.filter(url => url.includes("example.org")), [])
})

test("hostile rich text leaves words, and no address but of the web", async t => {
  let { anna } = await alone(t)
  let hostile = [
    '<img src=x onerror="document.title=1"><b>a</b>',
    '<a href="java\nscript:alert(1)"><b>b</b></a>',
    '<iframe srcdoc="<script>parent.document.title=1</script>"></iframe><b>c</b>',
    '<svg onload="document.title=1"><script>1</script></svg><b>d</b>',
    '<a href="data:text/html,x">e</a><b>f</b>',
    "<b>" + "<div>".repeat(2_000) + "deep" + "</div>".repeat(2_000) + "</b>",
  ]
  for (let html of hostile) {
    await anna.press("Control+a", "Delete")
    await pasteKinds(anna, { "text/html": html, "text/plain": "plain" })
    await anna.until(() => window.witness.text() !== "")
    assert.doesNotMatch(await anna.text(), /script:|data:|onerror|onload/i)
  }
  assert.notEqual(await anna.page.title(), "1")
})

test("an address over words makes them a link, over nothing it stays an address", async t => {
  let { anna } = await alone(t)
  await anna.type("see this page")
  await anna.press("Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft")
  await anna.paste("https://example.org/a")
  await anna.reads("see [this page](https://example.org/a)")
  await anna.press("Control+z")
  await anna.reads("see this page")
  await anna.press("End")
  await anna.type(" ")
  await anna.paste("https://example.org/b")
  await anna.reads("see this page https://example.org/b")
  await anna.press("Home", "Shift+End")
  await anna.paste("javascript:alert(1)")
  await anna.reads("javascript:alert(1)")
})

test("cells become a table, undone in one step, and with Shift everything comes as it is", async t => {
  let { anna, page } = await alone(t)
  await anna.type("words")
  await anna.paste("Name\tSize\r\none\t1\r\n日本\t22\r\n")
  await anna.reads("words\n\n| Name | Size |\n| ---- | ---- |\n| one  | 1    |\n| 日本 | 22   |")
  await anna.press("Control+z")
  await anna.reads("words")
  await page.evaluate(() => navigator.clipboard.writeText("a\tb\nc\td"))
  await anna.press("Control+Shift+v")
  await anna.reads("wordsa\tb\nc\td")
  await anna.press("Control+a", "Delete")
  await copy(anna, "<p>one <b>two</b></p>", "one two")
  await anna.press("Control+v")
  await anna.reads("one **two**")
  await anna.press("Control+Shift+v")
  await anna.reads("one **two**one two")
  await anna.press("Control+a", "Delete")
  await page.locator("codraft-foot").waitFor({ state: "attached" })
  await page.evaluate(() => document.querySelector("codraft-menu").actions.run("edit.pastePlain"))
  await anna.reads("one two")
})

test("in code all comes as it is, and from a code editor no colours", async t => {
  let { anna } = await alone(t)
  await anna.type("```\n\n```")
  await anna.press("ArrowUp")
  await pasteKinds(anna, { "text/html": "<b>let</b> a", "text/plain": "let a\tb\nlet c\td" })
  await anna.reads("```\nlet a\tb\nlet c\td\n```")
  await anna.press("Control+a", "Delete")
  await pasteKinds(anna, { "text/html": "<div style='font-weight:bold'>let</div>", "text/plain": "let", "vscode-editor-data": "{}" })
  await anna.reads("let")
})

test("rich text arrives where it was pasted, whatever others type meanwhile", async t => {
  let { anna, ben } = await browser.meeting(t)
  await anna.type("begin  end")
  await ben.reads("begin  end")
  await anna.page.evaluate(() => window.witness.view().dispatch({ selection: { anchor: 6 } }))
  let typing = ben.type("BEN ", 5)
  await pasteKinds(anna, { "text/html": "<em>x</em>", "text/plain": "x" })
  await typing
  for (let who of [anna, ben]) await who.until(() => /BEN .*\*x\*/.test(window.witness.text()))
  let text = await anna.text()
  assert.match(text, /begin \*x\* end/)
  await ben.reads(text)
})
