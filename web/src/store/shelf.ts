/**
 * All copies that this browser keeps: which documents there are, and letting go of one.
 * Knows no document's text, and works without storage: then there are none.
 */
import * as database from "./database"
import { tellForgotten } from "./siblings"

/** More copies than these are not kept, but of documents with something that is nowhere else. */
const MOST_COPIES = 100

/** The documents of which there is a copy; true for those with something that the server is not known to have. */
export async function keptDocuments(): Promise<ReadonlyMap<string, boolean>> {
  try {
    let { documents, unsaved } = await database.list(await opened())
    return new Map(documents.map(({ name }) => [name, unsaved.has(name)]))
  } catch {
    return new Map()
  }
}

/** Lets go of the copy of a document, in all tabs. */
export async function forgetCopy(name: string): Promise<void> {
  await forgetIn(await opened(), name)
}

/** The same, with the store at hand. */
export async function forgetIn(store: IDBDatabase, name: string): Promise<void> {
  // Told first: what a tab had on its way is gone with the rest.
  tellForgotten(name)
  await database.remove(store, name)
}

/** Lets go of the copies that were not looked at for longest, if there are too many. */
export async function tidy(): Promise<void> {
  let store = await opened()
  let { documents, unsaved } = await database.list(store)
  let latest = documents.sort((a, b) => b.at - a.at)
  for (let { name } of latest.slice(MOST_COPIES)) if (!unsaved.has(name)) await forgetIn(store, name)
}

let store: Promise<IDBDatabase> | null = null

function opened(): Promise<IDBDatabase> {
  store ??= database.openDatabase()
  return store
}
