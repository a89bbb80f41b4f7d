/**
 * Takes pictures of the start page, of an editor with two people in it and of sharing, wide and on a phone, light and dark.
 *
 *   node tests/browser/shots.mjs OUTDIR
 */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { openBrowser, openPerson } from "./support/browser.mjs"
import { seenBefore, untilInstalled } from "./support/device.mjs"
import { makeDocument } from "./support/links.mjs"
import { openServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

const SCREENS = [
  { size: "1280", viewport: { width: 1280, height: 800 } },
  { size: "390", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
]

const TEXT = `# Garden plan for the spring

We meet **every Thursday** at the shed. Bring gloves, *and something warm to drink*.

## What grows where

- Tomatoes along the south wall
- Beans and ~~peas~~ sweet corn behind them
  - leave room for the path
- [x] order seeds from [the seed bank](https://example.org/seeds)
- [ ] repair the water butt

> Whoever waters last closes the tap.

1. Turn the compost
2. Measure the beds with \`3.5 m\` of string

| Bed | Plant | When |
| --- | --- | --- |
| 1 | 🍅 tomatoes | May |
| 2 | 🌽 corn | June |

\`\`\`sh
plant --bed 2 --row "sweet corn"
\`\`\`

日本語の一行と、שורה בעברית.
`

let [folder] = process.argv.slice(2)
if (!folder) {
  console.error("name a folder for the pictures: node tests/browser/shots.mjs OUTDIR")
  process.exit(2)
}
await mkdir(folder, { recursive: true })
let server = await openServer()
let linked = await openServer("--access", "links")
let ends = []
let browser = await openBrowser()
try {
  for (let { size, ...screen } of SCREENS)
    for (let colorScheme of ["light", "dark"]) {
      await pictures(`${size}-${colorScheme}`, { ...screen, colorScheme })
      await picturesOfSharing(`${size}-${colorScheme}`, { ...screen, colorScheme })
      await picturesOfKeeping(`${size}-${colorScheme}`, { ...screen, colorScheme })
    }
} finally {
  await browser.close()
  for (let end of ends) await end()
  await server.remove()
  await linked.remove()
}

async function pictures(name, options) {
  let [anna, ben, carl] = [await openPerson(browser, options), await openPerson(browser), await openPerson(browser)]
  let shot = what => anna.page.screenshot({ path: join(folder, `${what}-${name}.png`) })
  let dialog = async (keys, element, what) => {
    await anna.press(keys)
    await anna.page.locator(`${element} dialog`).waitFor()
    await shot(what)
    await anna.press("Escape")
    await anna.page.locator(element).waitFor({ state: "detached" })
  }
  await be(anna, "Anna Ash", "blue")
  await be(ben, "Ben Birch", "green")
  await be(carl, "Carla Cedar", "orange")
  await anna.page.goto(server.origin)
  await shot("start-first")
  let doc = `garden ${name}`
  await anna.open(server, doc)
  await shot("editor-empty")
  await anna.paste(TEXT)
  await Promise.all([ben.open(server, doc), carl.open(server, doc)])
  await anna.press("Control+Home")
  await ben.page.getByText("Tomatoes along").dblclick()
  await ben.press("Home", "Shift+ArrowDown", "Shift+End")
  await carl.page.getByText("Turn the compost").click()
  await carl.press("End")
  await anna.page.locator(".cm-peerCaret").nth(1).waitFor({ state: "attached" })
  await anna.page.locator(".cm-peerSelection").first().waitFor({ state: "attached" })
  await anna.says("saved")
  await shot("editor")
  await anna.press("Control+f")
  await anna.page.getByPlaceholder("Find").fill("the")
  await anna.press("Enter")
  await shot("editor-search")
  await anna.press("Escape")
  await anna.page.getByRole("button", { name: "Menu" }).click()
  await anna.page.getByRole("menu").waitFor()
  await shot("editor-menu")
  await anna.press("Escape")
  await dialog("F1", "codraft-palette", "palette")
  await dialog("Control+,", "codraft-settings", "settings")
  await dialog("Control+Shift+?", "codraft-shortcuts", "shortcuts")
  await anna.page.locator("#own-avatar").click()
  await anna.page.locator("#profile").waitFor()
  await shot("editor-profile")
  await anna.press("Escape")
  await anna.page.getByRole("button", { name: "Copy link" }).click()
  await anna.page.locator("#share-dialog").waitFor()
  await shot("share-open")
  await anna.press("Escape")
  await anna.context.setOffline(true)
  await anna.page.locator(".cm-content").click()
  await anna.type("x")
  await anna.until(() => window.witness.state() === "offline")
  await shot("editor-offline")
  await anna.context.setOffline(false)
  await anna.says("saved")
  await anna.open(server, `notes ${name}`)
  await anna.type("# Notes of the meeting")
  await anna.says("saved")
  await anna.page.goto(server.origin)
  await anna.page.locator(".recent-link").first().waitFor()
  await shot("start")
  for (let who of [anna, ben, carl]) await who.leave()
}

/** What owners, their guests and strangers see of one document. */
async function picturesOfSharing(name, options) {
  let [anna, ben] = [await openPerson(browser, options), await openPerson(browser, options)]
  let shot = (who, what) => who.page.screenshot({ path: join(folder, `${what}-${name}.png`) })
  await be(anna, "Anna Ash", "blue")
  await be(ben, "Anna Ash", "green")
  await anna.page.goto(linked.origin)
  await shot(anna, "start-links")
  let doc = await makeDocument(linked)
  let wire = await layWire({ after: end => ends.push(end) }, linked)
  await anna.follow(doc.owner())
  await anna.paste(TEXT)
  await anna.says("saved")
  let link = await doc.link({ name: "Garden group", role: "editor" })
  await doc.link({ name: "Readers of the plan", role: "viewer", validForSeconds: 30 * 86_400 })
  await ben.follow(link.href(wire))
  await anna.page.getByRole("button", { name: "Share" }).click()
  await anna.page.locator(".links li").nth(2).waitFor()
  await shot(anna, "share")
  await anna.page.getByLabel("Name", { exact: true }).fill("Neighbours")
  await anna.page.getByRole("button", { name: "Create link" }).click()
  await anna.page.getByText("“Neighbours” is made").waitFor()
  await anna.page.getByRole("button", { name: "Revoke the link “Garden group”" }).click()
  await shot(anna, "share-made-revoking")
  await ben.page.getByRole("button", { name: "Share" }).click()
  await ben.page.locator("#share-dialog").waitFor()
  await shot(ben, "share-editor")
  await ben.press("Escape")
  await ben.page.locator("#own-avatar").click()
  await ben.page.locator("#own-note").waitFor()
  await shot(ben, "guest-of-the-same-name")
  await ben.press("Escape")
  await ben.enterText()
  await doc.change(link, { role: "viewer" })
  await ben.says("reading")
  await shot(ben, "read-only")
  await doc.change(link, { role: "editor" })
  await ben.says("saved")
  wire.swallow()
  await ben.type("words that are lost ")
  await doc.change(link, { role: "viewer" })
  await ben.page.getByRole("button", { name: "Copy the text" }).waitFor()
  await shot(ben, "read-only-unsaved")
  await doc.revoke(link)
  await ben.says("refused")
  await shot(ben, "removed")
  await ben.follow(link.href(), "refused")
  await shot(ben, "closed-by-a-key")
  await ben.follow(linked.page("no-key"), "refused")
  await shot(ben, "closed")
  for (let who of [anna, ben]) await who.leave()
}

/** What somebody sees who comes back, who has no network, and who lets go of a document. */
async function picturesOfKeeping(name, options) {
  let [anna, ben] = [await openPerson(browser, options), await openPerson(browser)]
  let shot = what => anna.page.screenshot({ path: join(folder, `${what}-${name}.png`) })
  await be(anna, "Anna Ash", "blue")
  await be(ben, "Ben Birch", "green")
  let doc = `plan ${name}`
  await anna.open(server, doc)
  await anna.paste(TEXT)
  await anna.says("saved")
  await untilInstalled(anna)
  await anna.page.goto(server.origin)
  await seenBefore(anna.page, doc, 25 * 3_600_000)
  await ben.open(server, doc)
  await ben.goToLine(3)
  await ben.type(" Bring a friend, too.")
  await ben.goToLine(7)
  await ben.press("Enter")
  await ben.type("Peppers where it is warmest")
  await ben.says("saved")
  await anna.open(server, doc)
  await anna.page.locator("codraft-since").waitFor()
  await shot("since")
  await anna.page.getByRole("button", { name: "Show", exact: true }).click()
  await shot("since-shown")
  await anna.page.getByRole("button", { name: "Done", exact: true }).click()
  await server.kill()
  await anna.enterText()
  await anna.type("Written on the train. ")
  await anna.statusSays("kept on this device")
  await anna.page.locator("#offline").waitFor()
  await shot("offline-kept")
  await anna.page.goto(server.origin)
  await anna.page.getByText("Not sent yet").waitFor()
  await shot("start-offline")
  await anna.page.getByRole("button", { name: /^Forget Garden plan/ }).first().click()
  await anna.page.getByRole("button", { name: "Keep it" }).waitFor()
  await shot("forget")
  await server.start()
  for (let who of [anna, ben]) await who.leave()
}

/** Gives somebody a name and a colour for all their visits. */
function be(who, name, color) {
  return who.context.addInitScript(
    person => localStorage.setItem("codraft.person", JSON.stringify(person)),
    { id: name, name, color },
  )
}
