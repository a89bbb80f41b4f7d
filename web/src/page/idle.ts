/**
 * Work that can wait until the page has nothing better to do.
 * Knows no work.
 */

/** Older browsers are not asked whether they have time. */
const request: (run: () => void, options: { timeout: number }) => void =
  globalThis.requestIdleCallback ?? ((run, { timeout }) => setTimeout(run, Math.min(timeout, 50)))

/** Runs something once, when there is time, or after `timeout` milliseconds at the latest. */
export function whenIdle(run: () => void, timeout: number) {
  request(run, { timeout })
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
