/** The stock providers, by name, and the peers of a test. It knows no family of providers. */
import * as Y from "yjs"
import { Hocuspocus3, Hocuspocus4 } from "./stock/hocuspocus.mjs"
import { Sweet } from "./stock/sweet.mjs"
import { Websocket30, Websocket31, Websocket4 } from "./stock/websocket.mjs"
import { until } from "./wait.mjs"

/** The pinned releases that share documents of Yjs 13. */
export const PROVIDERS = {
  "y-websocket 3.0.0": Websocket30,
  "y-websocket 3.1.0": Websocket31,
  "Hocuspocus 3.4.4": Hocuspocus3,
  "Hocuspocus 4.8.0": Hocuspocus4,
  "y-sweet 0.9.1": Sweet,
}

/** These, and the one whose documents are of Yjs 14. */
export const ALL_PROVIDERS = { ...PROVIDERS, "@y/websocket 4.0.0-3": Websocket4 }

/** Their names. */
export const NAMES = Object.keys(PROVIDERS)

// Every provider listens for the end of the process.
process.setMaxListeners(0)

/** Makes the peers of one test and ends them after it; `by` names the provider. */
export function peersOf(test) {
  const peers = []
  test.after(() => peers.forEach(peer => void peer.leave()))
  return (server, room, { by = "y-websocket 3.1.0", ...options } = {}) => {
    const peer = new ALL_PROVIDERS[by](server, room, options)
    peers.push(peer)
    return peer
  }
}

/** Waits until the peers know the same operations and deletions. */
export async function converged(...peers) {
  await until("everyone to converge", peers, () => {
    const [first, ...rest] = peers.map(({ doc }) => Y.snapshot(doc))
    return rest.every(snapshot => Y.equalSnapshots(first, snapshot))
  })
}
