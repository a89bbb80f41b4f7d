/**
 * The status line in the page's header, and the warning before leaving with unsaved words.
 * Knows its elements; when to look at the facts is `status-watch.ts`'s, what they mean `status.ts`'s.
 */
import type { Connection } from "../connection"
import { Speaker } from "../speaker"
import { type Copy, StatusWatch } from "../status-watch"
import { byId } from "./dom"
import type { PageFacts, StatusLine } from "./status"

/** Shows a replica's status until the page goes. */
export class StatusView {
  private readonly status = byId("status", HTMLElement)
  private readonly speaker = new Speaker(byId("announcer", HTMLElement))
  private readonly retry = byId("retry", HTMLButtonElement)
  private readonly watch: StatusWatch

  constructor(
    private readonly connection: Connection,
    private readonly copy: Copy,
    mayWrite: () => boolean,
    /** Told the facts after each look. */
    onLook: (facts: PageFacts) => void,
  ) {
    this.watch = new StatusWatch(connection, copy, mayWrite, { onLook, show: line => this.show(line) })
    this.retry.addEventListener("click", () => this.tryNow())
    window.addEventListener("online", () => this.tryNow())
    window.addEventListener("offline", () => {
      connection.attempt(replica => replica.networkLost())
      this.refresh()
    })
    window.addEventListener("beforeunload", event => {
      if (this.isUnsaved()) event.preventDefault()
    })
    this.refresh()
  }

  /** Looks at the facts again, once for all calls within a frame. */
  refresh() {
    this.watch.refresh()
  }

  /** The replica has failed for good. */
  showBroken() {
    this.watch.showBroken()
  }

  /** The text cannot be written here: what the replica does is of no interest any more. */
  fix(line: StatusLine) {
    this.watch.fix(line)
  }

  private show({ state, text, spoken, canRetry }: StatusLine) {
    if (this.status.textContent !== text) this.status.textContent = text
    if (this.status.title !== text) this.status.title = text
    if (this.status.dataset.state !== state) this.status.dataset.state = state
    this.retry.hidden = !canRetry
    // Saving is the ordinary course of typing: spoken each time it would drown the text.
    this.speaker.sayOnceItLasts(state === "saving" ? "" : spoken)
  }

  private tryNow() {
    // What was refused stays so until the page is loaded again: meanwhile it would let people write in vain.
    if (this.watch.isFixed || this.watch.state === "refused") return
    this.connection.attempt(replica => replica.retryNow())
    this.refresh()
  }

  /** Whether leaving now loses words; what is kept on the device is sent when the document is opened again. */
  private isUnsaved(): boolean {
    if (this.watch.isFixed) return this.watch.hasFailed
    let isKept = this.copy.keeping === "device" && this.watch.state !== "notsaved"
    return this.copy.hasUnsaved && !isKept
  }
}
