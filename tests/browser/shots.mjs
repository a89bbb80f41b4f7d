/**
 * Takes pictures of the start page and of an editor with two people in it, wide and on a phone, light and dark.
 *
 *   node tests/browser/shots.mjs OUTDIR
 */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { openBrowser, openPerson } from "./support/browser.mjs"
import { openServer } from "./support/server.mjs"

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
let browser = await openBrowser()
try {
  for (let { size, ...screen } of SCREENS)
    for (let colorScheme of ["light", "dark"]) await pictures(`${size}-${colorScheme}`, { ...screen, colorScheme })
} finally {
  await browser.close()
  await server.remove()
}

async function pictures(name, options) {
  let [anna, ben, carl] = [await openPerson(browser, options), await openPerson(browser), await openPerson(browser)]
  let shot = what => anna.page.screenshot({ path: join(folder, `${what}-${name}.png`) })
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
  await anna.page.locator("#own-avatar").click()
  await anna.page.locator("#profile").waitFor()
  await shot("editor-profile")
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

/** Gives somebody a name and a colour for all their visits. */
function be(who, name, color) {
  return who.context.addInitScript(
    person => localStorage.setItem("codraft.person", JSON.stringify(person)),
    { id: name, name, color },
  )
}
