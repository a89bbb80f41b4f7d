/**
 * Who is here: faces in the header, carets and selections in the text, and what becomes of them.
 * Knows no failures of the network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { sharedBrowser } from "./support/browser.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()

/** Two people with names. */
async function named(t) {
  let people = await browser.meeting(t)
  await people.anna.rename("Anna Ash")
  await people.ben.rename("Ben Birch")
  await others(people.anna, ["Ben Birch"])
  await others(people.ben, ["Anna Ash"])
  return people
}

/** Waits until exactly these people are among the faces beside one's own. */
function others(who, names) {
  return who.until(names => JSON.stringify(window.witness.others()) === names, JSON.stringify(names.toSorted()))
}

/** Waits until the caret of somebody stands on the line with these words, `at` characters from its start. */
function caretStands(who, name, words, at) {
  return who.until(
    ([name, words, at]) => {
      let root = document.getElementById("editor").shadowRoot
      let caret = [...root.querySelectorAll(".cm-peerCaret")].find(({ textContent }) => textContent === name)
      let line = [...root.querySelectorAll(".cm-line")].find(({ textContent }) => textContent === words)
      if (!caret || !line) return false
      let view = window.witness.view()
      let start = view.posAtDOM(line)
      let place = view.coordsAtPos(start + at)
      let { left, top, bottom } = caret.getBoundingClientRect()
      return Math.abs(left - place.left) <= 2 && top < place.bottom && place.top < bottom
    },
    [name, words, at],
  )
}

test("each sees the other's face with their initials, and a changed name at once", async t => {
  let { anna, ben } = await named(t)
  assert.equal(await anna.page.locator("#people [data-peer] button:not(#own-avatar)").innerText(), "BB")
  assert.equal(await anna.page.locator("#own-avatar").innerText(), "AA")
  await ben.rename("Bert")
  await others(anna, ["Bert"])
  await ben.page.reload()
  await others(ben, ["Anna Ash"])
  await others(anna, ["Bert"])
})

test("a changed colour reaches the other's faces and carets", async t => {
  let { anna, ben } = await named(t)
  await ben.enterText()
  await ben.page.locator("#own-avatar").click()
  await ben.page.getByLabel("Green", { exact: true }).check()
  await ben.press("Escape")
  await ben.enterText()
  let green = await ben.page.locator("#own-avatar").evaluate(face => face.style.getPropertyValue("--peer"))
  await anna.until(green => {
    let face = window.witness.faces()[1]
    let caret = document.getElementById("editor").shadowRoot.querySelector(".cm-peerCaret")
    return [face, caret].every(element => element?.style.getPropertyValue("--peer") === green)
  }, green)
})

test("who comes with a colour that was made up and is taken gets another, and who has chosen theirs keeps it", async t => {
  let server = await startServer(t)
  let comes = async (id, hasChosen) => {
    let who = await browser.person(t)
    await who.page.goto(server.origin)
    let kept = JSON.stringify({ id, name: `Guest ${id}`, color: "teal", hasChosen })
    await who.page.evaluate(kept => localStorage.setItem("codraft.person", kept), kept)
    await who.open(server, "meeting")
    return who
  }
  let teal = "#068f99"
  let isShown = (who, name, isTeal) =>
    who.until(
      ([name, teal, isTeal]) => {
        let face = window.witness.faces().find(({ title }) => title.includes(name))
        return face && (face.style.getPropertyValue("--peer") === teal) === isTeal
      },
      [name, teal, isTeal],
    )
  let anna = await comes("anna", false)
  await isShown(anna, "Guest anna", true)
  let ben = await comes("ben", false)
  for (let who of [anna, ben]) await isShown(who, "Guest ben", false)
  let carl = await comes("carl", true)
  for (let who of [anna, ben, carl]) {
    await others(who, ["anna", "ben", "carl"].filter(id => ({ anna, ben, carl })[id] !== who).map(id => `Guest ${id}`))
    for (let [name, isTeal] of [["anna", true], ["ben", false], ["carl", true]]) await isShown(who, `Guest ${name}`, isTeal)
  }
  await ben.page.reload()
  for (let who of [anna, ben, carl]) await isShown(who, "Guest ben", false)
})

test("a caret stands where the other writes, with their name, and goes along with edits before it", async t => {
  let { anna, ben } = await named(t)
  await anna.type("first\nsecond\nthird")
  await ben.reads("first\nsecond\nthird")
  await ben.goToLine(2)
  await caretStands(anna, "Ben Birch", "second", 6)
  await caretStands(ben, "Anna Ash", "third", 5)
  await ben.press("Home")
  await caretStands(anna, "Ben Birch", "second", 0)
  await anna.press("Control+Home")
  await anna.type("zeroth\n")
  await caretStands(anna, "Ben Birch", "second", 0)
  await ben.type("the ")
  await caretStands(anna, "Ben Birch", "the second", 4)
})

test("a selection of the other is drawn under the words they selected", async t => {
  let { anna, ben } = await named(t)
  await anna.type("one two three")
  await ben.reads("one two three")
  await ben.press("Control+Home", "Control+ArrowRight", "Control+Shift+ArrowRight")
  await anna.until(() => {
    let view = window.witness.view()
    let box = view.dom.querySelector(".cm-peerSelection")?.getBoundingClientRect()
    return box && Math.abs(box.left - view.coordsAtPos(3).left) < 6 && Math.abs(box.right - view.coordsAtPos(7).left) < 6
  })
  await ben.press("End")
  await anna.until(() => !window.witness.view().dom.querySelector(".cm-peerSelection"))
})

test("who closes their tab is gone from the faces and the text", async t => {
  let { anna, ben } = await named(t)
  await ben.enterText()
  await anna.page.locator(".cm-peerCaret").waitFor({ state: "attached" })
  await ben.page.close()
  await others(anna, [])
  await anna.page.locator(".cm-peerCaret").waitFor({ state: "detached" })
})

test("somebody with two tabs is one face", async t => {
  let { server, anna, ben } = await named(t)
  let tab = await ben.context.newPage()
  await tab.goto(server.page("meeting"))
  await tab.waitForFunction(() => window.witness.faces().length === 2)
  await anna.type("so that a report follows the third connection")
  await tab.waitForFunction(() => window.witness.text().endsWith("connection"))
  await others(anna, ["Ben Birch"])
  await ben.page.close()
  await others(anna, ["Ben Birch"])
  await tab.close()
  await others(anna, [])
})

test("a click on a face scrolls to where they write", async t => {
  let { anna, ben } = await named(t)
  await anna.paste(Array.from({ length: 300 }, (_, i) => `line ${i + 1}`).join("\n"))
  await ben.until(() => window.witness.text().endsWith("line 300"))
  await ben.press("Control+End")
  await anna.page.locator(".cm-peerCaret").waitFor({ state: "attached" })
  await anna.press("Control+Home")
  await ben.type("!")
  await anna.until(() => window.witness.text().endsWith("!") && !window.witness.showsLine("line 300!"))
  await anna.page.getByRole("button", { name: "Show where Ben Birch is writing" }).click()
  await anna.until(() => window.witness.showsLine("line 300!"))
})

test("more people than fit are counted, and listed when that is clicked", async t => {
  let { server, anna } = await named(t)
  let crowd = []
  for (let i = 0; i < 6; i++) {
    let other = await browser.person(t)
    await other.context.addInitScript(name => {
      localStorage.setItem("codraft.person", JSON.stringify({ id: name, name, color: "teal" }))
    }, `Guest ${i}`)
    crowd.push(other.open(server, "meeting"))
  }
  await Promise.all(crowd)
  await anna.page.getByRole("button", { name: "3 more people: show everyone" }).click()
  await anna.page.locator("#others li").nth(6).waitFor()
  assert.equal(await anna.page.locator("#others li").count(), 7)
})
