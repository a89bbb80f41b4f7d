/**
 * What people do with pictures at a page: paste, drop, choose them, and wait for what becomes of that.
 * Knows the hooks of the editor's text, and nothing of how pictures are sent.
 */
import assert from "node:assert/strict"

/** Puts a picture on the clipboard, as a screenshot does, and presses Ctrl-V. */
export async function pastePicture(who, buffer) {
  let write = async base64 => {
    let bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
    await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })])
  }
  await who.page.evaluate(write, buffer.toString("base64"))
  await who.press("Control+v")
}

/** Drops files onto a line of the text, counted from 1, at its end; or onto another part of the page. */
export async function dropFiles(who, files, onto = { line: 1 }) {
  let data = await who.page.evaluateHandle(files => {
    let data = new DataTransfer()
    for (let { name, mimeType, base64 } of files) {
      let bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
      data.items.add(new File([bytes], name, { type: mimeType }))
    }
    return data
  }, files.map(({ buffer, ...file }) => ({ ...file, base64: Buffer.from(buffer).toString("base64") })))
  let target = who.page.locator(onto.line ? ".cm-line" : onto.selector).nth(onto.line ? onto.line - 1 : 0)
  let { x, y, width, height } = await target.boundingBox()
  let at = { dataTransfer: data, clientX: x + width - 2, clientY: y + height / 2 }
  await target.dispatchEvent("dragover", at)
  await target.dispatchEvent("drop", at)
}

/** Keeps what somebody sends from reaching the server until `go`; `fail` lets it fail. `asked` waits until they send. */
export async function holdUploads({ page }) {
  let release
  let came
  let released = new Promise(resolve => (release = resolve))
  let asked = new Promise(resolve => (came = resolve))
  await page.route("**/files", async route => {
    if (route.request().method() !== "POST") return route.continue()
    came()
    let how = await released
    if (how === "fail") await route.abort("connectionreset")
    else await route.continue()
  })
  return {
    asked,
    go: () => release("go"),
    fail: () => release("fail"),
    stop: () => page.unroute("**/files"),
  }
}

/** Waits until the text matches, and returns the match. */
export async function readsLike(who, pattern) {
  let matches = ([source, flags]) => new RegExp(source, flags).test(window.witness.text())
  let same = who.until(matches, [pattern.source, pattern.flags])
  await same.catch(async () => assert.match(await who.text(), pattern))
  return (await who.text()).match(pattern)
}

/** Waits until so many pictures are on the screen and are whole. */
export function seesPictures(who, count) {
  let seen = count => {
    let images = [...document.getElementById("editor").shadowRoot.querySelectorAll(".cm-picture img")]
    return images.length === count && images.every(image => image.complete && image.naturalWidth > 0)
  }
  return who.until(seen, count)
}

/** The place of a picture on its way, by a part of what it says. */
export function chip({ page }, words) {
  return page.locator(".cm-upload").filter({ hasText: words })
}

/** Waits until the page says this over the text. */
export function hears({ page }, words) {
  return page.locator("#notice").filter({ hasText: words }).waitFor()
}
