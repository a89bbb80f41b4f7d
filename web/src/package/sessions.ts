/**
 * The sessions that the editors of a page share: those of one document for one person have one.
 * Knows how long a session is kept for an editor that may come back, and nothing of what is in it.
 */
import type { SessionOptions } from "./api"
import type { TokenProvider } from "./door"
import { LiveSession } from "./session"

/** How long a session waits for another editor, and how long at most for its last words to be saved. */
const LINGER_MS = 250
const SAVE_MS = 10_000

/** A session that is lent. */
export interface Lease {
  readonly session: LiveSession
  /** Shows another token from the next attempt on. */
  setToken(token: string | undefined): void
  release(): void
}

interface Shared {
  readonly session: LiveSession
  token: string | undefined
  count: number
  timer: number
}

const all = new Map<string, Shared>()
/** Functions have no name that two of them could not share. */
const providers = new WeakMap<TokenProvider, number>()
let lastProvider = 0

/** The session for these options, made if there is none. Fails with a `CodraftError`. */
export function lease(options: SessionOptions): Lease {
  let key = keyOf(options)
  let shared = all.get(key) ?? made(options)
  all.set(key, shared)
  shared.count++
  clearTimeout(shared.timer)
  let isReleased = false
  return {
    session: shared.session,
    setToken(token) {
      shared.token = token
      if (shared.session.status.state === "refused") shared.session.connect()
    },
    release() {
      if (isReleased) return
      isReleased = true
      if (--shared.count === 0) shared.timer = window.setTimeout(() => void close(key, shared), LINGER_MS)
    },
  }
}

function made(options: SessionOptions): Shared {
  let { token, tokenProvider, ...others } = options
  let shared: Shared = {
    token,
    count: 0,
    timer: 0,
    session: new LiveSession({ ...others, tokenProvider: () => tokenProvider?.() ?? shared.token ?? "" }),
  }
  return shared
}

async function close(key: string, shared: Shared) {
  let late = new Promise(resolve => setTimeout(resolve, SAVE_MS))
  await Promise.race([shared.session.flush().catch(() => {}), late])
  if (shared.count > 0) return
  if (all.get(key) === shared) all.delete(key)
  shared.session.end()
}

function keyOf({ server, doc, field, token, tokenProvider, user, offline, wasmUrl }: SessionOptions): string {
  return JSON.stringify([server, doc, field, token, providerKey(tokenProvider), user, offline, wasmUrl])
}

function providerKey(provider: TokenProvider | undefined): number {
  if (!provider) return 0
  let known = providers.get(provider) ?? ++lastProvider
  providers.set(provider, known)
  return known
}
