/**
 * What stands in the place of a document's copy on a page that keeps none on the device.
 * Knows what the replica says of this person's words, and not what they are.
 */
import type { Copy } from "../status-watch"

/** Nothing is kept beside the replica. */
export class Unkept implements Copy {
  readonly keeping = "tab"
  hasUnsaved = false

  told({ saved }: { saved: boolean }) {
    this.hasUnsaved = !saved
  }

  /** There is nothing to let go of. */
  async forget() {}
}
