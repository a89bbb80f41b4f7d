/**
 * Keeps the page's document on this device: ties its copy to the connection, to its description and to the page's going.
 * Knows neither what is typed nor what is said of it.
 */
import type { Connection } from "../connection"
import type { KeptDocument } from "../store/database"
import { DeviceCopy } from "../store/device-copy"
import { tidy } from "../store/shelf"
import type { Access } from "./access"
import { recents } from "./recents"

/** How long the page waits for what is kept before it shows the document without it. */
const PATIENCE_MS = 2_000
/** How long after its start the page puts the other copies in order. */
const TIDY_MS = 20_000

/** Keeps a document. */
export class Keeping {
  readonly copy: DeviceCopy
  /** When somebody last looked at the document here while it was up to date. */
  seenAt = Date.now()
  /** Another tab has let go of the copy. */
  onForgotten = () => {}
  private connection: Connection | null = null
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly name: string,
    private readonly field: string,
    private readonly access: Access,
  ) {
    this.copy = new DeviceCopy(name, {
      take: (updates, asks) => this.connection?.remind(updates, asks) ?? false,
      // What has arrived but is not shown yet is no part of it, and would be lost with the pieces it stands in.
      whole: () => this.connection?.attempt(replica => (replica.waiting() ? undefined : replica.snapshot())),
      describe: () => this.description(),
      onChange: () => {
        for (let listener of this.listeners) listener()
      },
      onForgotten: () => this.onForgotten(),
    })
  }

  /** Hands what is kept to the connection, which the copy follows from now on. */
  async open(connection: Connection): Promise<void> {
    this.connection = connection
    let opened = this.copy.open(this.access.mayWrite).catch(error => {
      // A browser may keep nothing, by its settings or in a private window: then the page works as it is.
      console.warn("nothing is kept on this device:", error)
      this.copy.end()
      return undefined
    })
    this.writeBeforeLeaving()
    setTimeout(() => tidy().catch(() => {}), TIDY_MS)
    let document = await Promise.race([opened, later(PATIENCE_MS)])
    if (!document) return
    this.seenAt = document.at
    this.access.remember(document.mode)
  }

  /** Calls `listener` whenever where words are kept has changed. */
  onChange(listener: () => void) {
    this.listeners.add(listener)
  }

  private writeBeforeLeaving() {
    window.addEventListener("pagehide", () => this.copy.flush())
    document.addEventListener("visibilitychange", () => document.hidden && this.copy.flush())
  }

  private description(): Omit<KeptDocument, "name" | "copy"> {
    let title = recents().find(({ name }) => name === this.name)?.title ?? ""
    return { field: this.field, title, at: this.seenAt, mode: this.access.mode }
  }
}

function later(ms: number): Promise<undefined> {
  return new Promise(resolve => setTimeout(resolve, ms, undefined))
}
