/** Waiting for events, with a deadline that names what did not happen. It knows nothing of what is waited for. */

/** Long enough for a busy machine; nothing waits that long when all is well. */
export const PATIENCE_MS = 20_000

/** The outcome of a promise, or an error after `ms`. */
export async function within(ms, what, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * What `check` returns once that is truthy. It is asked again after every burst of events of the sources, each of which
 * has `listen(callback)` that returns how to stop listening.
 */
export async function until(what, sources, check, ms = PATIENCE_MS) {
  const first = check()
  if (first) return first
  const stops = []
  const seen = new Promise((resolve, reject) => {
    let asked = false
    const ask = () => {
      asked = false
      try {
        const found = check()
        if (found) resolve(found)
      } catch (error) {
        reject(error)
      }
    }
    const heard = () => {
      if (!asked) setImmediate(ask)
      asked = true
    }
    for (const source of sources) stops.push(source.listen(heard))
  })
  try {
    return await within(ms, what, seen)
  } finally {
    for (const stop of stops) stop()
  }
}
