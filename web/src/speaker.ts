/**
 * Words for people who listen rather than look: said once they have been true for a while.
 * Knows the element that is read out, and not what is said.
 */

/** How long a state must last to be spoken. */
const SPEAK_MS = 1_500

/** Speaks through one element, which is a live region. */
export class Speaker {
  private timer = 0
  /** What is spoken once it has lasted, or was. */
  private lasting = ""

  constructor(private readonly region: HTMLElement) {}

  /** Only other words begin to wait anew: a countdown shows the same ones ten times a second. Empty words say nothing. */
  sayOnceItLasts(words: string) {
    if (words === this.lasting) return
    this.lasting = words
    clearTimeout(this.timer)
    if (words) this.timer = window.setTimeout(() => this.say(words), SPEAK_MS)
  }

  /** Says nothing more. */
  end() {
    clearTimeout(this.timer)
  }

  private say(words: string) {
    if (this.region.textContent !== words) this.region.textContent = words
  }
}
