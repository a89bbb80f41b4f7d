/**
 * Keeps an app's document on this device: ties its copy to the replica and to the page's going. Loaded only where it is wanted.
 * Knows neither what is typed nor what is said of it.
 */
import type { Connection } from "../connection"
import { DeviceCopy } from "../store/device-copy"
import { tidy } from "../store/shelf"
import type { You } from "../you"

/** How long one waits for what is kept before the document is shown without it. */
const PATIENCE_MS = 2_000
/** How long after the start the other copies are put in order. */
const TIDY_MS = 20_000

/** What a copy is described by, beside its name. */
export interface Kept {
  readonly field: string
  you(): You | null
  /** Where words are kept has changed. */
  onChange(): void
}

/** One document on this device. */
export class DocumentKeeping {
  readonly copy: DeviceCopy
  private connection: Connection | null = null
  private readonly leaving = new AbortController()

  /** `name` is that of the copy: it says the server, too. */
  constructor(name: string, kept: Kept) {
    this.copy = new DeviceCopy(name, {
      take: (updates, asks) => this.connection?.remind(updates, asks) ?? false,
      // What has arrived but is not shown yet is no part of it, and would be lost with the pieces it stands in.
      whole: () => this.connection?.attempt(replica => (replica.waiting() ? undefined : replica.snapshot())),
      describe: () => ({ field: kept.field, title: "", at: Date.now(), mode: kept.you()?.access ?? "open" }),
      onChange: kept.onChange,
      onForgotten: () => {},
    })
  }

  /** Hands what is kept to the connection, which the copy follows from now on; whether there was anything. */
  async open(connection: Connection): Promise<boolean> {
    this.connection = connection
    let { signal } = this.leaving
    window.addEventListener("pagehide", () => this.copy.flush(), { signal })
    document.addEventListener("visibilitychange", () => document.hidden && this.copy.flush(), { signal })
    let tidying = setTimeout(() => tidy().catch(() => {}), TIDY_MS)
    signal.addEventListener("abort", () => clearTimeout(tidying))
    let opened = this.copy.open(true).catch(error => {
      // A browser may keep nothing, by its settings or in a private window: then the editor works as it is.
      console.warn("nothing is kept on this device:", error)
      this.copy.end()
      return undefined
    })
    let late = new Promise<undefined>(resolve => setTimeout(resolve, PATIENCE_MS, undefined))
    return (await Promise.race([opened, late])) !== undefined
  }

  /** The document is not needed here any more. */
  end() {
    this.leaving.abort()
    this.copy.leave()
  }
}
