/** A stock provider with its document: what a test may ask of any of them. It knows no family of providers. */
import { until } from "../wait.mjs"

/**
 * A family adds how to `connect`, `disconnect`, `breakOff` and `leave`, whether it `isConnected`, `isSynced` and `isSaved`,
 * its `socket`, and how many of its own updates, from the first on, are `acknowledged`.
 */
export class Peer {
  /** The codes with which its connection has ended, or could not be made. */
  codes = []
  /** How many updates its document has made itself. */
  updates = 0
  #listeners = new Set()

  constructor(doc) {
    this.doc = doc
  }

  /** Begins to listen, once the family has made `provider` and `awareness`; `events` are all that it emits. */
  watch(...events) {
    this.doc.on("update", (_update, origin) => {
      if (origin !== this.provider) this.updates += 1
      this.tell()
    })
    this.awareness.on("update", () => this.tell())
    for (const event of events) this.provider.on(event, () => this.tell())
  }

  /** Tells whoever listens that something has happened. */
  tell() {
    for (const listener of this.#listeners) listener()
  }

  /** Calls back after anything has happened to the document, the presence or the connection. */
  listen(callback) {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  /** How often its connection has ended, by whoever's wish. */
  get closes() {
    return this.codes.length
  }

  /** Waits until the server's document has arrived. */
  async synced() {
    await until("the document", [this], () => this.isSynced)
    return this
  }

  /** Waits until it has been told that everything it has is on the server's disk. */
  async saved() {
    await until("the acknowledgements", [this], () => this.isSaved)
    return this
  }

  /** The states of everyone else. */
  others() {
    const everyone = [...this.awareness.getStates()]
    return everyone.filter(([client]) => client !== this.doc.clientID).map(([, state]) => state)
  }
}
