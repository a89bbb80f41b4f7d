/**
 * Takes a document along: as a file, on the clipboard, on paper. Loaded when somebody wants that.
 * Knows the parts that make each of these, and asks the editor for nothing but its text.
 */
import { messages } from "../messages/preview"
import { copyText } from "../page/copy"
import type { Markup } from "../preview/markup"
import type { Preview } from "../preview/open"
import { openWorker } from "../preview/open-worker"
import type { Answer, Question } from "../preview/worker"
import { pageOf } from "./document"
import { escaped, htmlOf } from "./html"
import { fileName } from "./names"
import { plainText } from "./plain"
import { supplier } from "./supplies"

/** What is taken along. */
export interface Source {
  readonly text: string
  readonly title: string
  readonly isMarkdown: boolean
}

/** A text of this length is drawn in well under that. */
const PATIENCE_MS = 30_000

/** The text as it was written, as a file. */
export async function saveMarkdown({ text, title }: Source) {
  return save(text, title, "md", "text/markdown")
}

/** The words alone, as a file. */
export async function saveText(source: Source) {
  return save(await wordsOf(source), source.title, "txt", "text/plain")
}

/** A page that stands alone, as a file. */
export async function savePage(source: Source) {
  return save(await pageWith(source), source.title, "html", "text/html")
}

/** The words alone. */
export async function wordsOf({ text, isMarkdown }: Pick<Source, "text" | "isMarkdown">): Promise<string> {
  return isMarkdown ? plainText(await drawn(text)) : text
}

/** The HTML of a page that stands alone. */
export async function pageWith({ text, title, isMarkdown }: Source): Promise<string> {
  let html = isMarkdown
    ? await htmlOf(await drawn(text), supplier(false))
    : `<pre><code>${escaped(text)}</code></pre>`
  return pageOf(title, html)
}

/** The text as it was written, on the clipboard. */
export function copyWritten({ text }: Source) {
  return copyText(text)
}

/** The text with its look on the clipboard, and beside it the words alone. */
export async function copyRich({ text }: Source) {
  let markup = drawn(text)
  let html = markup.then(markup => htmlOf(markup, supplier(true)))
  let plain = markup.then(plainText)
  try {
    // Promises, because some browsers allow this only in the very task of the click.
    let item = new ClipboardItem({
      "text/html": blob(html, "text/html"),
      "text/plain": blob(plain, "text/plain"),
    })
    await navigator.clipboard.write([item])
    return true
  } catch {
    return copyByEvent(await html, await plain)
  }
}

/** Prints the text as it reads, or where that would be the same, as it was written. */
export async function print({ text, isMarkdown }: Source, preview: () => Promise<Preview>) {
  if (isMarkdown) await (await preview()).complete()
  let page = isMarkdown ? null : document.createElement("pre")
  if (page) {
    page.className = "printed"
    page.textContent = text
    document.body.append(page)
  }
  window.print()
  page?.remove()
  return true
}

/** Draws a whole text. */
function drawn(text: string): Promise<Markup> {
  let worker = openWorker()
  let answer = new Promise<Markup>((resolve, reject) => {
    setTimeout(reject, PATIENCE_MS, new Error("the text takes too long to draw"))
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => resolve(data))
    worker.addEventListener("error", reject)
  })
  worker.postMessage({ text } satisfies Question)
  return answer.finally(() => worker.terminate())
}

function save(text: string, title: string, extension: string, type: string): true {
  let link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  link.download = fileName(title, extension, messages.untitled)
  link.click()
  // The browser has to have taken it.
  setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE_MS)
  return true
}

async function blob(text: Promise<string>, type: string): Promise<Blob> {
  return new Blob([await text], { type })
}

/** On a plain address browsers offer no clipboard, but still tell of copying. */
function copyByEvent(html: string, plain: string): boolean {
  let isDone = false
  let give = (event: ClipboardEvent) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    event.clipboardData?.setData("text/html", html)
    event.clipboardData?.setData("text/plain", plain)
    isDone = true
  }
  window.addEventListener("copy", give, { capture: true, once: true })
  document.execCommand("copy")
  window.removeEventListener("copy", give, { capture: true })
  return isDone
}
