/**
 * Work that can wait until the page has nothing better to do.
 * Knows no work.
 */

/** How long after a part could not be loaded it is tried again: twice as long each time. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/** Older browsers are not asked whether they have time. */
const request: (run: () => void, options: { timeout: number }) => void =
  globalThis.requestIdleCallback ?? ((run, { timeout }) => setTimeout(run, Math.min(timeout, 50)))

let held: Promise<unknown> = Promise.resolve()

/** Has everything that can wait, wait for this first, however long: a browser with nothing to do now may have it in a moment. */
export function holdIdle(until: Promise<unknown>) {
  held = until
}

/** Runs something once, when there is time, or `timeout` milliseconds after that at the latest. */
export function whenIdle(run: () => void, timeout: number) {
  held.then(() => request(run, { timeout }))
}

/** The call returned asks for `run`: once for however many times it is called until then. */
export function idly(run: () => void, timeout: number): () => void {
  let isAsked = false
  return () => {
    if (isAsked) return
    isAsked = true
    whenIdle(() => {
      isAsked = false
      run()
    }, timeout)
  }
}

/** What `load` brings; tried again while it cannot be had, at the latest when the browser has a network again. */
export async function insistently<T>(load: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await load()
    } catch (error) {
      console.warn("a part of the page could not be loaded yet:", error)
    }
    await pauseOrNetwork(pause)
  }
}

function pauseOrNetwork(pause: number): Promise<void> {
  return new Promise(resolve => {
    let end = () => {
      clearTimeout(timer)
      window.removeEventListener("online", end)
      resolve()
    }
    let timer = setTimeout(end, pause)
    window.addEventListener("online", end)
  })
}
