/**
 * Being together: following somebody, being asked to look, ticks and hints, who comes and goes, and a crowd.
 * Knows nothing of carets in themselves: that is presence.test.mjs.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { App } from "./support/app.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { Crowd } from "./support/crowd.mjs"
import { atEnd } from "./support/ending.mjs"
import { ownedDocument } from "./support/links.mjs"
import { startServer } from "./support/server.mjs"
import { layWire } from "./support/wire.mjs"

let browser = sharedBrowser()
const LINES = Array.from({ length: 300 }, (_, i) => `line ${i + 1}`).join("\n")

/** Two people with names in a long document, both at its beginning. */
async function reading(t, door) {
  let server = door?.server ?? (await startServer(t))
  let [anna, ben] = [await named(t, "Anna Ash", "blue"), await named(t, "Ben Birch", "green")]
  await anna.open(server, "long")
  await anna.paste(LINES)
  await anna.says("saved")
  await ben.open(door?.wire ?? server, "long")
  await ben.reads(LINES)
  await sees(anna, "Ben Birch")
  await sees(ben, "Anna Ash")
  for (let who of [anna, ben]) await who.press("Control+Home")
  await anna.until(() => window.witness.showsLine("line 1"))
  return { server, anna, ben }
}

async function named(t, name, color, options) {
  let who = await browser.person(t, options)
  let be = person => location.origin !== "null" && localStorage.setItem("codraft.person", JSON.stringify(person))
  await who.context.addInitScript(be, { id: name, name, color })
  return who
}

function sees(who, ...names) {
  return who.until(names => JSON.stringify(window.witness.others()) === names, JSON.stringify(names.toSorted()))
}

/** Follows somebody by the list of people. */
async function follows(who, name) {
  await who.page.locator("#people .more").click()
  await who.page.getByRole("button", { name: `Follow ${name}`, exact: true }).click()
  await isFollowing(who, name)
}

function isFollowing(who, name) {
  return who.page.locator("codraft-following .pill").filter({ hasText: `Following ${name}` }).waitFor()
}

function followsNobody(who) {
  return who.page.locator("codraft-following .pill").waitFor({ state: "detached" })
}

function shows(who, line) {
  return who.until(line => window.witness.showsLine(line), line)
}

/** Waits until what is said to those who listen contains these words, and says what it is. */
async function hears(who, words) {
  let heard = await who.until(words => {
    let said = window.heard.find(text => text.includes(words))
    return said && { said }
  }, words)
  return (await heard.jsonValue()).said
}

/** Remembers from now on what is said to those who listen. */
function listens(who) {
  return who.page.evaluate(async () => {
    await customElements.whenDefined("codraft-toasts")
    let region = document.querySelector("codraft-toasts").shadowRoot.querySelector("[role=status]")
    window.heard = []
    new MutationObserver(() => window.heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true })
  })
}

/** A person's scroll position in lines, roughly: the first line they see. */
function firstLine(who) {
  return who.page.evaluate(() => {
    let view = window.witness.view()
    return view.state.doc.lineAt(view.lineBlockAtHeight(view.scrollDOM.scrollTop).from).number
  })
}

test("who follows sees what the other sees: where they write, and where they only scroll", async t => {
  let { anna, ben } = await reading(t)
  await follows(anna, "Ben Birch")
  await ben.press("Control+End")
  await shows(anna, "line 300")
  await ben.type(" and on")
  await shows(anna, "line 300 and on")
  await ben.page.locator(".cm-scroller").hover()
  await ben.page.mouse.wheel(0, -100_000)
  await shows(ben, "line 1")
  await shows(anna, "line 1")
  await ben.page.mouse.wheel(0, 2_000)
  await anna.until(() => !window.witness.showsLine("line 1"))
  let line = await firstLine(ben)
  await anna.until(line => {
    let view = window.witness.view()
    return Math.abs(view.state.doc.lineAt(view.lineBlockAtHeight(view.scrollDOM.scrollTop).from).number - line) <= 1
  }, line)
  let frame = anna.page.locator("codraft-following .frame")
  let green = await ben.page.locator("#own-avatar").evaluate(face => getComputedStyle(face).backgroundColor)
  assert.equal(await frame.evaluate(frame => getComputedStyle(frame).borderTopColor), green)
})

test("following ends with the first key, click, turn of the wheel, Escape or the button", async t => {
  let { anna, ben } = await reading(t)
  let ways = {
    key: () => anna.type("x"),
    arrow: () => anna.press("ArrowDown"),
    click: () => anna.page.locator(".cm-line").first().click(),
    wheel: () => anna.page.mouse.wheel(0, 30),
    escape: () => anna.press("Escape"),
    button: () => anna.page.getByRole("button", { name: "Stop following Ben Birch" }).click(),
  }
  for (let [name, way] of Object.entries(ways)) {
    await follows(anna, "Ben Birch")
    if (name === "wheel") await anna.page.locator(".cm-content").hover({ position: { x: 60, y: 60 } })
    await way()
    await followsNobody(anna)
    await ben.press("Control+End", "Control+Home")
  }
  await ben.press("Control+End")
  await ben.type("!")
  await anna.until(() => window.witness.text().endsWith("!"))
  await anna.page.evaluate(() => window.witness.frame())
  assert.equal(await anna.page.evaluate(() => window.witness.showsLine("line 300!")), false, "still following")
})

test("what arrives while following does not end it, and a double click on a face begins it", async t => {
  let { anna, ben } = await reading(t)
  await anna.page.getByRole("button", { name: "Show where Ben Birch is writing" }).dblclick()
  await isFollowing(anna, "Ben Birch")
  await ben.type("some words ")
  await anna.until(() => window.witness.text().startsWith("some words "))
  await ben.press("Control+End")
  await shows(anna, "line 300")
  await isFollowing(anna, "Ben Birch")
})

test("a reload of the followed person is waited for; their leaving is said", async t => {
  let { anna, ben } = await reading(t)
  await listens(anna)
  await follows(anna, "Ben Birch")
  await ben.page.reload()
  await ben.says("saved")
  await isFollowing(anna, "Ben Birch")
  await ben.enterText()
  await ben.press("Control+End")
  await shows(anna, "line 300")
  await ben.page.close()
  await anna.page.locator("codraft-following .pill").filter({ hasText: "Waiting for Ben Birch" }).waitFor()
  await followsNobody(anna)
  await anna.page.locator("codraft-toasts .toast").filter({ hasText: "Ben Birch has left" }).waitFor()
  await hears(anna, "Ben Birch has left")
})

test("two people cannot come to follow each other", async t => {
  let { anna, ben } = await reading(t)
  await follows(anna, "Ben Birch")
  await ben.page.locator("#people .more").click()
  await ben.page.locator("#others .soft").filter({ hasText: "follows you" }).waitFor()
  await ben.page.getByRole("button", { name: "Follow Anna Ash", exact: true }).click()
  await ben.page.locator("codraft-toasts .toast").filter({ hasText: "Anna Ash is following you" }).waitFor()
  await followsNobody(ben)
  await isFollowing(anna, "Ben Birch")
})

test("two people who follow each other in the same moment are told apart, and one goes on", async t => {
  let { server, anna, ben } = await reading(t)
  for (let who of [anna, ben]) await who.page.locator("#people .more").click()
  let [follow, back] = [
    anna.page.getByRole("button", { name: "Follow Ben Birch", exact: true }),
    ben.page.getByRole("button", { name: "Follow Anna Ash", exact: true }),
  ]
  // Stopped, the server passes nothing on until both have begun.
  server.process.kill("SIGSTOP")
  await Promise.all([follow.click(), back.click()])
  server.process.kill("SIGCONT")
  await followsNobody(anna)
  await isFollowing(ben, "Anna Ash")
})

test("whoever is asked to look somewhere goes only if they want to", async t => {
  let { anna, ben } = await reading(t)
  await listens(ben)
  await anna.press("Control+End")
  await anna.page.locator("#people .more").click()
  await anna.page.getByRole("button", { name: "Ask everyone to look here" }).click()
  let toast = ben.page.locator("codraft-toasts .toast").filter({ hasText: "Anna Ash asks you to look here" })
  await toast.waitFor()
  await hears(ben, "Anna Ash asks you to look here")
  let stays = "line 1"
  assert.equal(await ben.page.evaluate(line => window.witness.showsLine(line), stays), true, "moved unasked")
  let focused = await ben.page.evaluate(() => window.witness.focused().className)
  assert.match(focused, /cm-content/, "the focus was taken")
  await toast.getByRole("button", { name: "Go" }).click()
  await shows(ben, "line 300")
  await toast.waitFor({ state: "detached" })
})

test("nobody who may only read can ask, and a request can be put away", async t => {
  let doc = await ownedDocument(t)
  let [anna, ben] = [await named(t, "Anna Ash", "blue"), await named(t, "Ben Birch", "green")]
  await anna.follow(doc.owner())
  let link = await doc.link({ role: "viewer" })
  await ben.follow(link.href(), "reading")
  await anna.until(() => window.witness.others().length === 1)
  await ben.page.locator("#people .more").click()
  await ben.page.locator("#others li").first().waitFor()
  assert.equal(await ben.page.getByRole("button", { name: "Ask everyone to look here" }).count(), 0)
  await ben.press("Escape")
  await anna.page.locator("#people .more").click()
  await anna.page.locator("#others .soft").filter({ hasText: "reading" }).waitFor()
  await anna.page.getByRole("button", { name: "Ask everyone to look here" }).click()
  let toast = ben.page.locator("codraft-toasts .toast").filter({ hasText: "asks you to look here" })
  await toast.getByRole("button", { name: "Dismiss" }).click()
  await toast.waitFor({ state: "detached" })
  // Readers begin with the text as it reads; places are places in the text as it is written.
  await ben.until(() => document.body.dataset.view === "read")
  await follows(ben, "Anna Ash")
  await ben.until(() => document.body.dataset.view === "write")
})

test("a tick beside the text shows where somebody is, a hint who has just moved out of sight; a click goes there", async t => {
  let { anna, ben } = await reading(t)
  await ben.press("Control+End")
  let tick = anna.page.locator(".cm-peerTick")
  await anna.until(() => {
    let view = window.witness.view()
    let tick = view.dom.querySelector(".cm-peerTick")?.getBoundingClientRect()
    let scroller = view.scrollDOM.getBoundingClientRect()
    return tick && (tick.top - scroller.top) / scroller.height > 0.5
  })
  let hint = anna.page.locator(".cm-peerHint")
  await hint.filter({ hasText: "↓ Ben Birch" }).click()
  await shows(anna, "line 300")
  await hint.waitFor({ state: "detached" })
  await anna.press("Control+Home")
  await shows(anna, "line 1")
  await tick.click()
  await shows(anna, "line 300")
  await ben.page.close()
  await tick.waitFor({ state: "detached" })
})

test("names of two people at one place can both be read", async t => {
  let { server, anna, ben } = await reading(t)
  let carl = await named(t, "Carla Cedar", "orange")
  await carl.open(server, "long")
  await sees(anna, "Ben Birch", "Carla Cedar")
  for (let who of [ben, carl]) {
    await who.goToLine(5)
    await who.press("End", "ArrowLeft")
  }
  await anna.until(() => {
    let names = [...window.witness.view().dom.querySelectorAll(".cm-peerNamed .cm-peerName")]
    let [a, b] = names.map(name => name.getBoundingClientRect())
    return b && (a.bottom <= b.top + 1 || b.bottom <= a.top + 1)
  })
})

test("who comes and goes is said once and together, not at one's own start, and not to whoever wants quiet", async t => {
  let { server, anna, ben } = await reading(t)
  await ben.page.locator("#people .more").click()
  await ben.page.getByLabel("Say who comes and goes").uncheck()
  await ben.press("Escape")
  // Only once those who were here are known are others newcomers.
  for (let who of [anna, ben]) await who.page.locator("codraft-people[settled]").waitFor()
  for (let who of [anna, ben]) await listens(who)
  let crowd = await Promise.all(["Cem", "Dora", "Emil"].map(name => named(t, name, "teal")))
  await Promise.all(crowd.map(who => who.open(server, "long")))
  await anna.until(() => {
    let counts = window.heard.map(text => (/joined/.test(text) ? Number(/(\d+) others/.exec(text)?.[1] ?? / and /.test(text)) + 1 : 0))
    return counts.reduce((sum, count) => sum + count, 0) >= 3
  })
  let said = await anna.page.evaluate(() => window.heard[0])
  await sees(anna, "Ben Birch", "Cem", "Dora", "Emil")
  await crowd[0].page.reload()
  await crowd[1].page.close()
  await hears(anna, "Dora left.")
  let all = await anna.page.evaluate(() => window.heard)
  assert.ok(all.filter(text => text.includes("joined")).length <= 3, all.join(" "))
  assert.ok(!all.some(text => text.includes("Cem left") || text.includes("Ben Birch")), all.join(" "))
  assert.match(said, /^(Cem|Dora|Emil)( and (Cem|Dora|Emil|\d others))? joined\.$/)
  assert.deepEqual(await ben.page.evaluate(() => window.heard), [])
  // Whoever came last knows nobody who came before; that Dora left is news to them, too, once they know her.
  let told = await crowd[2].page.evaluate(() => document.querySelector("codraft-toasts").shadowRoot.querySelector("[role=status]").textContent)
  assert.ok(["", "Dora left."].includes(told), told)
})

test("a connection that is lost and found again is no coming and going", async t => {
  let server = await startServer(t)
  let wire = await layWire(t, server)
  let { anna, ben } = await reading(t, { server, wire })
  await listens(ben)
  await follows(ben, "Anna Ash")
  await wire.cut()
  await ben.says("reconnecting")
  await wire.mend()
  await ben.says("saved")
  await sees(ben, "Anna Ash")
  await isFollowing(ben, "Anna Ash")
  await anna.press("Control+End")
  await shows(ben, "line 300")
  let all = await ben.page.evaluate(() => window.heard)
  assert.ok(!all.some(text => /joined|left/.test(text)), all.join(" "))
})

test("fifty people: each has a face or a place in the list, and can be found there", async t => {
  let server = await startServer(t)
  let anna = await named(t, "Anna Ash", "blue")
  await anna.open(server, "crowd")
  await anna.type("Some words.")
  await anna.says("saved")
  let crowd = await crowdOf(t, server, 50, { keys: 1, keyMs: 1_000 })
  await anna.page.getByRole("button", { name: "46 more people: show everyone" }).click()
  await anna.until(() => document.getElementById("people").shadowRoot.querySelectorAll("#others li").length === 50)
  await anna.page.getByRole("searchbox", { name: "Find somebody" }).fill("person 37")
  await anna.page.locator("#others li").nth(1).waitFor({ state: "detached" })
  await anna.page.getByRole("button", { name: "Follow Person 37", exact: true }).click()
  await isFollowing(anna, "Person 37")
  crowd.leave()
  await sees(anna)
})

/** A crowd that types somewhere in the document "crowd", each at a place of their own. */
async function crowdOf(t, server, count, { keys, keyMs }) {
  let app = new App(server, "crowd")
  let Y = await import("yjs")
  let doc = await app.read()
  let { length } = doc.getText("content")
  let base = Y.encodeStateAsUpdate(doc)
  let at = i => Math.floor((length * (i + 0.5)) / count)
  let crowd = await Crowd.join(server, "crowd", { base, count, keys, keyMs, at })
  atEnd(t, () => crowd.leave())
  return crowd
}
