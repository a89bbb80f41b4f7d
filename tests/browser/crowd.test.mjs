/**
 * Fifty people in a document of 100 kB, twenty of them on the screen: what typing among them costs the page.
 * Counts the main thread's own time, which a busy machine does not change; frames are a figure, printed and not judged.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Y from "yjs"
import { App } from "./support/app.mjs"
import { sharedBrowser } from "./support/browser.mjs"
import { Crowd } from "./support/crowd.mjs"
import { atEnd } from "./support/ending.mjs"
import { startServer } from "./support/server.mjs"

let browser = sharedBrowser()
const PEOPLE = 50
const ON_SCREEN = 20
/** Each types four letters a second, as quick typists do who also think. */
const KEY_MS = 250
/** How many keys the person at the page presses, and how long after one another. */
const KEYS = 60
const PACE_MS = 100
/** What a frame may take of the main thread at 60 frames/s so that none is late, in ms. */
const FRAME_MS = 1_000 / 60
const PARAGRAPH = "The quick brown fox jumps over the lazy dog while everyone writes at once, and nobody waits for anybody. "

test(`typing among ${PEOPLE} people leaves time for 60 frames a second`, async t => {
  let server = await startServer(t)
  let anna = await browser.person(t, { viewport: { width: 1280, height: 800 } })
  await anna.open(server, "crowd")
  await anna.paste(Array.from({ length: 250 }, () => PARAGRAPH.repeat(4).trim()).join("\n\n"))
  await anna.says("saved")
  let length = (await anna.text()).length
  assert.ok(length > 100_000, `a document of ${length}`)
  await anna.press("Control+Home")
  let idle = await measure(anna, () => anna.page.waitForFunction(() => window.counted.frames >= 120, null, { polling: 100 }))
  let alone = await typing(anna)
  let crowd = await join(t, server)
  await anna.until(people => window.witness.view().dom.querySelectorAll(".cm-peerCaret").length >= people, ON_SCREEN)
  crowd.begin()
  let watching = await measure(anna, () => until(crowd, crowd.done + PEOPLE * 16))
  let among = await typing(anna)
  let end = crowd.done
  let key = { alone: ofOneKey(alone, idle), among: ofOneKey(among, watching) }
  for (let [name, { task, seconds, frames, late, long }] of Object.entries({ idle, alone, watching, among })) {
    let share = `${(task / seconds / 10).toFixed(0)} % of the main thread`
    let drawn = `${(frames / seconds).toFixed(0)} frames/s, ${late} late, ${long} tasks of 50 ms or more`
    t.diagnostic(`${name}: ${share}, ${(task / frames).toFixed(1)} ms a drawn frame; ${drawn}`)
  }
  t.diagnostic(`${end} letters of others; a key: ${key.alone.toFixed(1)} ms alone, ${key.among.toFixed(1)} ms among them`)
  // Where others take the processor there are fewer frames, with more in each: then this is rather too much.
  let frame = among.task / among.frames
  assert.ok(frame < FRAME_MS * 0.75, `${frame.toFixed(1)} ms of each frame`)
  assert.ok(key.among < key.alone * 2, `${key.among.toFixed(1)} ms a key, and ${key.alone.toFixed(1)} ms alone`)
  await anna.says("saved")
})

/** What a key costs beyond what the page does anyway, in ms. */
function ofOneKey(typing, meanwhile) {
  return (typing.task - (meanwhile.task / meanwhile.seconds) * typing.seconds) / KEYS
}

/** Presses keys at a person's pace, and measures meanwhile. */
function typing(who) {
  return measure(who, () => who.type("and so on ".repeat(KEYS / 10), PACE_MS))
}

/** What the page's main thread has done while something happened. */
async function measure(who, happens) {
  let debug = await who.debug()
  await debug.send("Performance.enable", { timeDomain: "threadTicks" })
  let taskMs = async () => {
    let { metrics } = await debug.send("Performance.getMetrics")
    return metrics.find(({ name }) => name === "TaskDuration").value * 1_000
  }
  await who.page.evaluate(() => {
    let counted = { frames: 0, late: 0, long: 0, last: 0, on: true }
    let observer = new PerformanceObserver(list => {
      counted.long += list.getEntries().length
    })
    observer.observe({ type: "longtask" })
    let frame = now => {
      counted.frames++
      if (counted.last && now - counted.last > 25) counted.late++
      counted.last = now
      if (counted.on) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    window.counted = counted
  })
  let [before, began] = [await taskMs(), performance.now()]
  await happens()
  let [after, ended] = [await taskMs(), performance.now()]
  let { frames, late, long } = await who.page.evaluate(() => {
    window.counted.on = false
    return window.counted
  })
  await debug.detach()
  return { task: after - before, seconds: (ended - began) / 1_000, frames, late, long }
}

/** The first of the crowd write on the screen, the others everywhere. */
async function join(t, server) {
  let doc = await new App(server, "crowd").read()
  let { length } = doc.getText("content")
  let at = i => (i < ON_SCREEN ? 60 * i + 80 : Math.floor((length * (i - ON_SCREEN + 1)) / (PEOPLE - ON_SCREEN + 1)))
  let base = Y.encodeStateAsUpdate(doc)
  let crowd = await Crowd.join(server, "crowd", { base, count: PEOPLE, keys: 240, keyMs: KEY_MS, at })
  atEnd(t, () => crowd.leave())
  return crowd
}

/** Waits until the crowd has typed so much. */
function until(crowd, letters) {
  return new Promise(resolve => crowd.onTyped(() => crowd.done >= letters && resolve()))
}
