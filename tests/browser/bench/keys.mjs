/**
 * What a key costs the main thread: the CPU of every task from the one that hears it to the one that draws it, layout,
 * style and paint in them, and whatever else came in between.
 * Knows Chromium's trace events, and no page.
 */

const CATEGORIES = ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline"]
const DRAWS = new Set(["Paint", "PrePaint", "Layerize", "Commit"])
/** What ends the window of a key that changed nothing to be drawn. */
const LONGEST_US = 200_000

/** Strikes letters, and Backspace after some, at these offsets; the milliseconds that each key took, sorted. */
export async function strike(browser, subject, offsets, perPlace, paceMs) {
  await browser.startTracing(subject.page, { categories: CATEGORIES })
  for (let offset of offsets) {
    await subject.goTo(offset)
    for (let n = 0; n < perPlace; n++) {
      await subject.page.keyboard.press(n % 8 === 7 ? "Backspace" : "abcdefg"[n % 8])
      await subject.page.waitForTimeout(paceMs)
    }
  }
  let { traceEvents } = JSON.parse((await browser.stopTracing()).toString())
  return costs(traceEvents).sort((a, b) => a - b)
}

/** The value below which this part of a sorted list lies. */
export function share(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
}

function costs(events) {
  let isKey = event => event.name === "EventDispatch" && event.args?.data?.type === "keydown"
  let key = events.find(isKey)
  if (!key) throw new Error("no key was heard")
  let here = events.filter(event => event.pid === key.pid && event.tid === key.tid && event.ph === "X")
  let byStart = (a, b) => a.ts - b.ts
  let tasks = here.filter(event => /(^|::)RunTask$/.test(event.name)).sort(byStart)
  let draws = here.filter(event => DRAWS.has(event.name)).sort(byStart)
  return here.filter(isKey).sort(byStart).map(key => costOf(key, tasks, draws))
}

function costOf(key, tasks, draws) {
  let draw = draws.find(draw => draw.ts > key.ts + key.dur)
  let end = Math.min(draw ? draw.ts : Infinity, key.ts + LONGEST_US)
  let between = tasks.filter(task => task.ts + task.dur > key.ts && task.ts <= end)
  return between.reduce((sum, task) => sum + (task.tdur ?? task.dur), 0) / 1_000
}
