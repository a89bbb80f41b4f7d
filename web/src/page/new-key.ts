/**
 * Takes the key that is put into the address of an open page: of somebody who opens another link to the document in the tab
 * that has it, or of an app that renews what lets its frame in. That is no new page.
 * Knows neither whose key it is nor what it is good for.
 */
import type { Connection } from "../connection"
import type { Access } from "./access"

/** Connects anew with each key that comes. */
export function takeKeysFrom(access: Access, connection: Connection) {
  window.addEventListener("hashchange", () => {
    if (!access.takeNewKey()) return
    connection.attempt(replica => {
      replica.networkLost()
      replica.connect()
    })
  })
}
