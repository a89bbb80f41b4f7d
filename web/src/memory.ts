/**
 * What a replica was made from: every frame with an update in it, so that another one can be made from them.
 * Reads two bytes of a frame and no more.
 */

/** How much longer than the document itself the memory may become before it is worth writing the document anew. */
const SPARE_BYTES = 256 * 1024
const SPARE_FRAMES = 2_000

/** The frames of one document, in the order in which its replica took them in. */
export class Memory {
  private frames: Uint8Array[] = []
  /** Received, but not in the editor yet: whoever begins anew is sent them again. */
  private waiting: Uint8Array[] = []
  private bytes = 0
  private wholeBytes = 0

  /** The server has sent a frame. It is kept as it is, not copied. */
  received(frame: Uint8Array) {
    if (hasUpdate(frame)) this.waiting.push(frame)
  }

  /** The replica has said a frame, which is only lent. */
  said(frame: Uint8Array) {
    if (hasUpdate(frame)) this.add(frame.slice())
  }

  /** Everything that had been received is in the editor now. */
  pulled() {
    for (let frame of this.waiting.splice(0)) this.add(frame)
  }

  /** Whether so much was said that the whole document is shorter. */
  isLong(): boolean {
    return this.frames.length > SPARE_FRAMES || this.bytes > 2 * this.wholeBytes + SPARE_BYTES
  }

  /** Puts the whole document in the place of what it was made from. */
  replace(whole: Uint8Array) {
    this.frames = []
    this.bytes = 0
    this.add(whole)
    this.wholeBytes = whole.length
  }

  /** Everything that made the text on the screen; what waited to be shown is forgotten. */
  recall(): readonly Uint8Array[] {
    this.waiting = []
    return [...this.frames]
  }

  private add(frame: Uint8Array) {
    this.frames.push(frame)
    this.bytes += frame.length
  }
}

/** Sync messages begin with 0; 1 and 2 are its two kinds with an update. */
function hasUpdate(frame: Uint8Array): boolean {
  return frame[0] === 0 && (frame[1] === 1 || frame[1] === 2)
}
