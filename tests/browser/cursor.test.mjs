/** The cursor stands still while one types, and blinks when one rests. */
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

test("the cursor blinks when one rests, and stands still with the next key", async t => {
  let server = await startServer(t)
  let anna = await browser.person(t)
  await anna.open(server, "cursor")
  // How long a turn takes, whenever that changes; 0 is standing still.
  await anna.page.evaluate(() => {
    let layer = window.witness.view().dom.querySelector(".cm-cursorLayer")
    let turn = () => parseInt(layer.style.animationDuration)
    window.turns = [turn()]
    let note = () => window.turns.at(-1) !== turn() && window.turns.push(turn())
    new MutationObserver(note).observe(layer, { attributeFilter: ["style"] })
  })
  await anna.until(() => window.turns.at(-1) > 0)
  await anna.press("a")
  await anna.until(() => window.turns.at(-2) === 0 && window.turns.at(-1) > 0 && window.turns.length >= 3)
})
