/**
 * What a browser keeps of documents, as somebody sees it who looks into its storage.
 * Knows the names of what is stored; pages are only asked for it.
 */

/** Waits until the pages open without a network in this browser, with everything that they load late. */
export async function untilInstalled(who) {
  await who.page.evaluate(async () => {
    let { active } = await navigator.serviceWorker.ready
    active.postMessage("fetch the rest")
  })
  await settles(who, async () => {
    let worker = await (await fetch("/sw.js")).text()
    let files = [...worker.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, address]) => address)
    let kept = await Promise.all(files.map(address => window.caches.match(address)))
    return kept.every(Boolean)
  })
}

/** Waits until `condition`, which runs in the page and has to ask others itself, holds. */
export async function settles(who, condition, argument) {
  for (let end = Date.now() + 40_000; !(await who.page.evaluate(condition, argument)); ) {
    if (Date.now() > end) throw new Error(`it does not hold: ${condition}`)
    await who.page.evaluate(() => window.witness.frame())
  }
}

/** The addresses of all that is cached. */
export function cached(who) {
  return who.page.evaluate(async () => {
    let caches = await Promise.all((await window.caches.keys()).map(name => window.caches.open(name)))
    let requests = (await Promise.all(caches.map(cache => cache.keys()))).flat()
    return requests.map(({ url }) => url.replace(location.origin, ""))
  })
}

/** What is kept: the documents as they are described, and how many pieces and marks there are of each. */
export function kept(page) {
  return page.evaluate(async () => {
    let database = await new Promise((resolve, reject) => {
      let request = indexedDB.open("codraft", 1)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    let all = name =>
      new Promise(resolve => {
        let request = database.transaction(name).objectStore(name).getAll()
        request.onsuccess = () => resolve(request.result)
      })
    let [documents, updates, unsaved] = [await all("documents"), await all("updates"), await all("unsaved")]
    database.close()
    let count = (list, document) => list.filter(({ name }) => name === document).length
    return {
      documents: documents.map(document => ({
        ...document,
        pieces: count(updates, document.name),
        marks: count(unsaved, document.name),
      })),
      pieces: updates.length,
      marks: unsaved.length,
    }
  })
}

/** Waits until what is kept of a document is as `isSo` says, which is told its description or nothing. */
export async function untilKept(page, name, isSo) {
  for (let end = Date.now() + 20_000; ; ) {
    let { documents } = await kept(page)
    let found = documents.find(document => document.name === name)
    if (isSo(found)) return found
    if (Date.now() > end) throw new Error(`what is kept of ${name}: ${JSON.stringify(found)}`)
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(resolve)))
  }
}

/** Makes a document look as if it had been seen last so long ago. */
export function seenBefore(page, name, ms) {
  return page.evaluate(
    ([name, ms]) =>
      new Promise((resolve, reject) => {
        let request = indexedDB.open("codraft", 1)
        request.onsuccess = () => {
          let transaction = request.result.transaction("documents", "readwrite")
          let documents = transaction.objectStore("documents")
          let found = documents.get(name)
          found.onsuccess = () => documents.put({ ...found.result, at: Date.now() - ms })
          transaction.oncomplete = () => resolve(request.result.close())
          transaction.onabort = () => reject(transaction.error)
        }
      }),
    [name, ms],
  )
}
