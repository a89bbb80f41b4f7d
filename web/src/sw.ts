/**
 * The service worker: opens the pages without a network, from the files of the release that it belongs to.
 * Knows addresses of pages and of files with a hash in their name. Nothing else passes through it: no document, no key, and
 * nothing of the API.
 *
 * A page comes from the server as long as that answers, so that a new release is there at the next load. Each worker keeps
 * the files of one release, and is there until the tabs that it rules are gone: what they load late they still find.
 */

/** What `vite.shell.ts` puts here: the files of this release. */
declare let __SHELL__: {
  /** Tells it from the others. */
  readonly release: string
  /** The pages, by the address they are kept under, and a file that only this release's page names. */
  readonly pages: Readonly<Record<string, string>>
  /** What the pages need to start, and what they may load later. */
  readonly first: readonly string[]
  readonly later: readonly string[]
}

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface Fetching extends WorkerEvent {
  readonly request: Request
  readonly preloadResponse: Promise<Response | undefined>
  respondWith(answer: Promise<Response>): void
}

interface Worker {
  readonly registration: ServiceWorkerRegistration
  addEventListener(type: "install" | "activate", listener: (event: WorkerEvent) => void): void
  addEventListener(type: "message", listener: (event: WorkerEvent & { data: unknown }) => void): void
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void
}

/** How long the server has to answer before its page is taken from here. */
const PATIENCE_MS = 2_000
const START = "/"
/** Every document has the same page; no document can have this name. */
const DOCUMENT = "/d/_"
const PREFIX = "codraft-"

let shell = __SHELL__
let worker = self as unknown as Worker
let own = PREFIX + shell.release

worker.addEventListener("install", event => event.waitUntil(install()))
worker.addEventListener("activate", event => event.waitUntil(takeOver()))
worker.addEventListener("message", event => {
  if (event.data === "fetch the rest") event.waitUntil(fetchTheRest())
})
worker.addEventListener("fetch", event => {
  let { request } = event
  let url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (request.mode === "navigate") {
    let page = pageAt(url)
    if (page) event.respondWith(open(event, page))
  } else if (url.pathname.startsWith("/assets/") && !url.search) {
    event.respondWith(file(event, url.pathname))
  }
})

/** The page that an address shows, if it is one that can be shown from here. */
function pageAt({ pathname, searchParams }: URL): string | null {
  // What else stands in a query may be anything, a token among it.
  if ([...searchParams.keys()].some(key => key !== "field")) return null
  if (pathname === "/") return searchParams.size === 0 ? START : null
  return /^\/d\/[^/]+$/.test(pathname) ? DOCUMENT : null
}

async function install() {
  let cache = await caches.open(own)
  await cache.addAll(shell.first)
  for (let [address, mark] of Object.entries(shell.pages)) {
    let answer = await fetch(address, { cache: "no-store", credentials: "omit" })
    let text = await answer.text()
    // A release that came between would mix its pages with these files.
    if (!answer.ok || !text.includes(mark)) throw new Error(`${address} is not of this release`)
    await cache.put(address, new Response(text, { headers: answer.headers }))
  }
}

/** The tabs of the release before are gone, and what they needed goes too. */
async function takeOver() {
  let others = (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== own)
  await Promise.all(others.map(name => caches.delete(name)))
  // The request for a page need not wait until this worker has started.
  await worker.registration.navigationPreload?.enable()
}

async function fetchTheRest() {
  let cache = await caches.open(own)
  for (let address of shell.later) {
    if (!(await cache.match(address))) await cache.add(address)
  }
}

/** The page as the server has it; its own where the server does not answer, or cannot. */
async function open(event: Fetching, page: string): Promise<Response> {
  let asked = event.preloadResponse.then(answer => answer ?? fetch(event.request))
  let told = asked.catch(() => undefined)
  event.waitUntil(told)
  let answer = await Promise.race([told, later(PATIENCE_MS)])
  // Firefox hands on the failure of a preload as an answer.
  if (answer && answer.type !== "error" && answer.status < 500) return answer
  let cache = await caches.open(own)
  return (await cache.match(page)) ?? asked
}

/** A file never changes under its name, so that it does not matter which release has brought it. */
async function file(event: Fetching, address: string): Promise<Response> {
  let kept = await caches.match(address, { ignoreVary: true })
  if (kept) return kept
  let answer = await fetch(event.request)
  if (answer.ok) {
    let copy = answer.clone()
    event.waitUntil(caches.open(own).then(cache => cache.put(address, copy)))
  }
  return answer
}

function later(ms: number): Promise<undefined> {
  return new Promise(resolve => setTimeout(resolve, ms, undefined))
}
