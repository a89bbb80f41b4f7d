/**
 * What a replica was made from: every frame with an update in it, so that another one can be made from them.
 * Reads two bytes of a frame and no more.
 */

/** How much longer than the document itself the memory may become before it is worth writing the document anew. */
const SPARE_BYTES = 256 * 1024
const SPARE_FRAMES = 2_000
/** The longer the document, the dearer it is to write: that waits for as many frames as it would take letters. */
const BYTES_A_FRAME = 64

/** Who keeps what a replica was made from beyond this tab. */
export interface Keeper {
  /** The replica has taken in a frame with an update, or has said it itself. */
  keep(frame: Uint8Array, isOwn: boolean): void
  /** What was kept made a text that is another one now: the whole document is to take its place. */
  replace(): void
}

/** The frames of one document, in the order in which its replica took them in. */
export class Memory {
  private frames: Uint8Array[] = []
  /** Received, but not in the editor yet: whoever begins anew is sent them again. */
  private waiting: { readonly frame: Uint8Array; readonly isKept: boolean }[] = []
  private bytes = 0
  private wholeBytes = 0

  constructor(private readonly keeper?: Keeper) {}

  /** The server has sent a frame. It is kept as it is, not copied. */
  received(frame: Uint8Array) {
    if (hasUpdate(frame)) this.waiting.push({ frame, isKept: false })
  }

  /** The replica was handed a frame that is kept already. */
  reminded(frame: Uint8Array) {
    this.waiting.push({ frame, isKept: true })
  }

  /** The replica has said a frame, which is only lent. */
  said(frame: Uint8Array) {
    if (!hasUpdate(frame)) return
    let own = frame.slice()
    this.add(own)
    this.keeper?.keep(own, true)
  }

  /** Everything that had been received is in the editor now. */
  pulled() {
    for (let { frame, isKept } of this.waiting.splice(0)) {
      this.add(frame)
      if (!isKept) this.keeper?.keep(frame, false)
    }
  }

  /** Whether so much was said that the whole document is shorter. */
  isLong(): boolean {
    let frames = SPARE_FRAMES + this.wholeBytes / BYTES_A_FRAME
    return this.frames.length > frames || this.bytes > 2 * this.wholeBytes + SPARE_BYTES
  }

  /** Puts the whole document in the place of what it was made from. */
  replace(whole: Uint8Array) {
    this.frames = []
    this.bytes = 0
    this.add(whole)
    this.wholeBytes = whole.length
  }

  /** Another text has taken the place of the one that was made from this. */
  replaced(whole: Uint8Array) {
    this.replace(whole)
    this.keeper?.replace()
  }

  /** Forgets everything: the replica is to be made from other things. */
  clear() {
    this.frames = []
    this.waiting = []
    this.bytes = 0
    this.wholeBytes = 0
  }

  /** Everything that made the text on the screen; what waited to be shown is forgotten. */
  recall(): readonly Uint8Array[] {
    this.waiting = []
    return [...this.frames]
  }

  private add(frame: Uint8Array) {
    // The longest answer to a question is the whole document, as it was then.
    if (frame[1] === ANSWER) this.wholeBytes = Math.max(this.wholeBytes, frame.length)
    this.frames.push(frame)
    this.bytes += frame.length
  }
}

/** The kinds of sync message that hold an update. */
const [ANSWER, UPDATE] = [1, 2]

/** Sync messages begin with 0. */
function hasUpdate(frame: Uint8Array): boolean {
  return frame[0] === 0 && (frame[1] === ANSWER || frame[1] === UPDATE)
}
