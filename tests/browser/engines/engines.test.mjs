/**
 * The editor in Firefox and in WebKit, where they may differ from Chromium: keys, undo, a network that goes, pages that
 * open without one, pictures. Knows no more of it: what does not depend on the browser is tested in Chromium.
 */
import { test } from "node:test"
import { startServer } from "../support/server.mjs"
import { firefoxPerson } from "./firefox.mjs"
import { webkitDriver, webkitPerson } from "./webkit.mjs"

// GTK's WebKit is not to be had everywhere.
const ENGINES = [
  { engine: "Firefox", come: firefoxPerson, how: {} },
  { engine: "WebKit", come: webkitPerson, how: { skip: !webkitDriver && "CODRAFT_WEBKIT names no WebKitWebDriver" } },
]

for (let { engine, come, how } of ENGINES) {
  test(`two people in ${engine} write together, and each undoes their own`, how, async t => {
    let server = await startServer(t)
    let [anna, ben] = [await come(t), await come(t)]
    for (let who of [anna, ben]) await who.open(server, "meeting")
    await anna.type("- [ ] water\ntea")
    for (let who of [anna, ben]) await who.reads("- [ ] water\n- [ ] tea")
    await ben.press("Control+End")
    // At once: what is typed slowly is undone in parts.
    await ben.run(() => document.execCommand("insertText", false, " and milk"))
    await ben.press("Shift+Control+ArrowLeft", "Control+b")
    for (let who of [anna, ben]) await who.reads("- [ ] water\n- [ ] tea and **milk**")
    await anna.until(() => window.witness.faces().length === 2)
    await ben.press("Control+z", "Control+z")
    for (let who of [anna, ben]) await who.reads("- [ ] water\n- [ ] tea")
    await ben.press("Control+y")
    for (let who of [anna, ben]) {
      await who.reads("- [ ] water\n- [ ] tea and milk")
      await who.says("saved")
    }
  })

  test(`${engine} opens a document with the server down, keeps what is written, and sends it when that is back`, how, async t => {
    let server = await startServer(t)
    let anna = await come(t)
    await anna.open(server, "diary")
    await anna.type("before")
    await anna.says("saved")
    await anna.run(async () => void (await navigator.serviceWorker.ready))
    await server.kill()
    await anna.says("reconnecting")
    await anna.type(", offline")
    await anna.until(() => document.getElementById("status").textContent.includes("kept on this device"))
    await anna.reload()
    await anna.reads("before, offline")
    await anna.press("Control+End")
    await anna.type(", again")
    await anna.reads("before, offline, again")
    await server.start()
    await anna.says("saved")
    let ben = await come(t)
    await ben.open(server, "diary")
    await ben.reads("before, offline, again")
  })

  test(`a picture is dropped in ${engine}, and Markdown read`, how, async t => {
    let server = await startServer(t)
    let anna = await come(t)
    await anna.open(server, "report")
    await anna.type("# Report\n\n")
    await anna.run(async () => {
      let canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 })
      canvas.getContext("2d").fillRect(0, 0, 40, 30)
      let file = new File([await new Promise(done => canvas.toBlob(done))], "plan.png", { type: "image/png" })
      let dataTransfer = new DataTransfer()
      dataTransfer.items.add(file)
      let line = [...document.getElementById("editor").shadowRoot.querySelectorAll(".cm-line")].at(-1)
      let { x, y, height } = line.getBoundingClientRect()
      let how = { dataTransfer, clientX: x + 2, clientY: y + height / 2, bubbles: true, cancelable: true, composed: true }
      line.dispatchEvent(new DragEvent("drop", how))
    })
    await anna.until(() => /^# Report\n\n!\[plan\]\(.*\/files\/\w+\.png\)$/.test(window.witness.text().trim()))
    await anna.says("saved")
    await anna.until(() => document.querySelector("codraft-view-switch")?.shadowRoot.querySelector("[title=Read]"))
    await anna.run(() => document.querySelector("codraft-view-switch").shadowRoot.querySelector("[title=Read]").click())
    await anna.until(() => {
      let preview = document.querySelector("codraft-preview")?.shadowRoot
      return preview?.querySelector("h1#report") && preview.querySelector("img")?.naturalWidth === 40
    })
  })
}
