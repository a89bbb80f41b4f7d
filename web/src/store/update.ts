/**
 * The update in a frame, as a message that says nothing else: what can be kept, and handed to a replica at any time.
 * Knows the wire's lengths, and nothing of what is in an update.
 */

/** Sync messages begin with 0, and 1 and 2 are their kinds with an update: a server's answer, and what was typed. */
const SYNC = 0
const ANSWER = 1
const TYPED = 2
/** Two lengths of nothing: no operation and no deletion. */
const NOTHING_BYTES = 5

/**
 * The update of a frame, copied; nothing if it has none, or one that says nothing. It becomes a message of its own kind:
 * an answer would claim that all a server has is here, and what follows in a frame asks whether that is saved.
 */
export function updateIn(frame: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (frame[0] !== SYNC || (frame[1] !== ANSWER && frame[1] !== TYPED)) return undefined
  let end = endOf(frame)
  if (end === undefined || end <= NOTHING_BYTES) return undefined
  let update = frame.slice(0, end)
  update[1] = TYPED
  return update
}

/** The update itself, as Yjs writes it, without the message around it; nothing if there is none. */
export function bytesIn(frame: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  let end = endOf(frame)
  if (end === undefined) return undefined
  let at = 2
  while ((frame[at] ?? 0) >= 128) at++
  return frame.slice(at + 1, end)
}

/** Whether a frame says what was typed, and not what somebody asked for. */
export function isTyped(frame: Uint8Array): boolean {
  return frame[0] === SYNC && frame[1] === TYPED
}

/** Several updates in one piece; a replica reads them one after the other. */
export function joined(updates: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let whole = new Uint8Array(updates.reduce((length, update) => length + update.length, 0))
  let at = 0
  for (let update of updates) {
    whole.set(update, at)
    at += update.length
  }
  return whole
}

/** Where a message with one run of bytes ends, if it ends in this frame. */
function endOf(frame: Uint8Array): number | undefined {
  let length = 0
  for (let at = 2, factor = 1; factor < 2 ** 42; factor *= 128) {
    let byte = frame[at++]
    if (byte === undefined) return undefined
    length += (byte & 127) * factor
    if (byte < 128) return at + length <= frame.length ? at + length : undefined
  }
  return undefined
}
