/**
 * The time between two pictures.
 * Knows what a browser draws and nothing of what a page shows.
 */

/** How long a frame takes, on most screens. */
export const FRAME_MS = 16
/** A page that has drawn nothing for so long is hidden, or has more to do than it can. */
const NO_FRAME_MS = 100

/** Calls `then` when the next frame has been drawn; on a hidden page, which draws none, after as long. */
export function afterFrame(then: () => void) {
  let end = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    then()
  }
  let frame = requestAnimationFrame(() => {
    clearTimeout(timer)
    timer = setTimeout(end)
  })
  let timer = setTimeout(end, document.hidden ? FRAME_MS : NO_FRAME_MS)
}
