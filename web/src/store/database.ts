/**
 * What this browser keeps of documents, in IndexedDB, for all tabs of this site.
 * Knows records and transactions; what is in a piece and when it is written are others' business.
 */
import type { AccessMode } from "../you"

/** A document of which a copy is kept. */
export interface KeptDocument {
  readonly name: string
  /** Tells this copy from one that was forgotten: what a tab still adds to that is no part of this one. */
  readonly copy: string
  /** The text of it that was open, where that is not the usual one. */
  readonly field: string
  readonly title: string
  /** When somebody last looked at it here while it was up to date, in ms since 1970. */
  readonly at: number
  /** How people got in when it was last open. */
  readonly mode: AccessMode
}

/** Some updates of a document, one behind the other. */
export interface Piece {
  readonly id: number
  readonly name: string
  readonly copy: string
  /** The tab that wrote it. */
  readonly tab: string
  /** Everything that its tab knew, and so nothing that is missing anywhere. */
  readonly isWhole: boolean
  readonly updates: Uint8Array<ArrayBuffer>
}

/** A tab has typed what the server is not known to have: so much of it. */
export interface Unsaved {
  readonly name: string
  readonly tab: string
  readonly count: number
}

/** What there is of a document. */
export interface Found {
  readonly document: KeptDocument | undefined
  readonly pieces: readonly Piece[]
  readonly unsaved: readonly Unsaved[]
}

/** What a tab adds to a copy. */
export interface Addition {
  readonly name: string
  readonly copy: string
  readonly tab: string
  readonly updates: Uint8Array<ArrayBuffer>
  /** How much this tab has typed that the server is not known to have; nothing when it has everything. */
  readonly unsaved: number
  /** Pieces in the place of which this one comes, which has everything that is in them; null when it only adds. */
  readonly replaces: readonly number[] | null
  /** It is to be on the disk when it is done: for what is nowhere else. */
  readonly isStrict: boolean
}

const NAME = "codraft"
const VERSION = 1
const STORES = ["documents", "updates", "unsaved"]

export function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      let database = request.result
      database.createObjectStore("documents", { keyPath: "name" })
      let updates = database.createObjectStore("updates", { keyPath: "id", autoIncrement: true })
      updates.createIndex("of", ["name", "id"])
      database.createObjectStore("unsaved", { keyPath: ["name", "tab"] })
    }
    request.onsuccess = () => {
      let database = request.result
      // A newer page wants to change what is kept: it does not wait for this one.
      database.onversionchange = () => database.close()
      resolve(database)
    }
    request.onerror = () => reject(request.error)
  })
}

/** What there is of a document beyond the piece `after`, all of the same moment. */
export async function find(database: IDBDatabase, name: string, after = 0): Promise<Found> {
  let transaction = database.transaction(STORES)
  let document = asked<KeptDocument | undefined>(transaction.objectStore("documents").get(name))
  let range = IDBKeyRange.bound([name, after], [name, Number.POSITIVE_INFINITY], true)
  let pieces = asked<Piece[]>(transaction.objectStore("updates").index("of").getAll(range))
  let unsaved = asked<Unsaved[]>(transaction.objectStore("unsaved").getAll(marksOf(name)))
  return { document: await document, pieces: await pieces, unsaved: await unsaved }
}

/** Begins a copy, unless another tab has; which one there is now. */
export async function begin(database: IDBDatabase, document: KeptDocument): Promise<string> {
  let transaction = database.transaction("documents", "readwrite")
  let documents = transaction.objectStore("documents")
  let there = await asked<KeptDocument | undefined>(documents.get(document.name))
  if (!there) documents.put(document)
  await done(transaction)
  return there?.copy ?? document.copy
}

/** Adds to a copy; the number of the new piece. All is asked for at once, so that a page that goes gets it done. */
export async function add(database: IDBDatabase, addition: Addition): Promise<number> {
  let { name, copy, tab, updates, unsaved, replaces, isStrict } = addition
  let durability: IDBTransactionDurability = isStrict ? "strict" : "relaxed"
  let transaction = database.transaction(["updates", "unsaved"], "readwrite", { durability })
  let pieces = transaction.objectStore("updates")
  for (let id of replaces ?? []) pieces.delete(id)
  let added = pieces.add({ name, copy, tab, isWhole: replaces !== null, updates })
  let marks = transaction.objectStore("unsaved")
  if (unsaved) marks.put({ name, tab, count: unsaved } satisfies Unsaved)
  else marks.delete([name, tab])
  transaction.commit?.()
  await done(transaction)
  return Number(added.result)
}

/** Lets go of marks that are as they were: the server has what they stand for. */
export async function unmark(database: IDBDatabase, marks: readonly Unsaved[]): Promise<void> {
  let transaction = database.transaction("unsaved", "readwrite", { durability: "relaxed" })
  let kept = transaction.objectStore("unsaved")
  for (let { name, tab, count } of marks) {
    let there = kept.get([name, tab])
    there.onsuccess = () => {
      if ((there.result as Unsaved | undefined)?.count === count) kept.delete([name, tab])
    }
  }
  await done(transaction)
}

/** Notes what a copy is called and when it was seen, if it is still there. */
export async function describe(database: IDBDatabase, document: KeptDocument): Promise<void> {
  let transaction = database.transaction("documents", "readwrite", { durability: "relaxed" })
  let documents = transaction.objectStore("documents")
  let there = documents.get(document.name)
  there.onsuccess = () => {
    if ((there.result as KeptDocument | undefined)?.copy === document.copy) documents.put(document)
  }
  await done(transaction)
}

/** Lets go of everything that is kept of a document. */
export async function remove(database: IDBDatabase, name: string): Promise<void> {
  let transaction = database.transaction(STORES, "readwrite", { durability: "strict" })
  transaction.objectStore("documents").delete(name)
  transaction.objectStore("unsaved").delete(marksOf(name))
  let updates = transaction.objectStore("updates")
  let all = IDBKeyRange.bound([name, 0], [name, Number.POSITIVE_INFINITY])
  let keys = await asked(updates.index("of").getAllKeys(all))
  for (let key of keys) updates.delete(key)
  await done(transaction)
}

/** All documents of which a copy is kept, and those of them with something that the server is not known to have. */
export async function list(
  database: IDBDatabase,
): Promise<{ documents: KeptDocument[]; unsaved: Set<string> }> {
  let transaction = database.transaction(STORES)
  let documents = asked<KeptDocument[]>(transaction.objectStore("documents").getAll())
  let marks = await asked<Unsaved[]>(transaction.objectStore("unsaved").getAll())
  return { documents: await documents, unsaved: new Set(marks.map(({ name }) => name)) }
}

function marksOf(name: string): IDBKeyRange {
  return IDBKeyRange.bound([name], [name, []])
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}
