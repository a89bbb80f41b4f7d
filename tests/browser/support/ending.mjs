/**
 * How what a test opened comes to its end: the last opened is the first closed, so that no page outlives the site it
 * is loading from. Node's own hooks run in the order in which they were given.
 */

/** What is left to close of each running test. */
const closingsOf = new WeakMap()

/** Has `close` called when the test `t` is over. All are called, also where one of them finds fault. */
export function atEnd(t, close) {
  let closings = closingsOf.get(t)
  if (!closings) {
    closingsOf.set(t, (closings = []))
    t.after(() => closeAll(closings))
  }
  closings.push(close)
}

async function closeAll(closings) {
  let faults = []
  for (let close of closings.reverse()) await Promise.resolve().then(close).catch(fault => faults.push(fault))
  if (faults.length > 1) throw new AggregateError(faults, faults.map(String).join("\n"))
  if (faults.length) throw faults[0]
}
