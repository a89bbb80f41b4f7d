/**
 * How long the main thread of a page is busy at a stretch, in its own time: what else the machine does meanwhile does not count.
 * Knows Chromium's traces, and nothing of what the page does.
 */

/** Runs `work` and says how many milliseconds each task took that took more than one, the longest first. */
export async function tasksOf(who, work) {
  let session = await who.debug()
  let events = []
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value))
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel"] } })
  await work()
  let complete = new Promise(resolve => session.once("Tracing.tracingComplete", resolve))
  await session.send("Tracing.end")
  await complete
  await session.detach()
  let main = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ tid }) => tid))
  let tasks = events.filter(({ name, tid }) => name === "ThreadControllerImpl::RunTask" && main.has(tid))
  return tasks.map(({ tdur = 0 }) => tdur / 1_000).filter(ms => ms > 1).sort((a, b) => b - a)
}
