/**
 * A promise that is settled from outside, and knows whether it was.
 * Knows nothing of what it is for.
 */

/** A promise, and how it is settled. */
export interface Deferred<T = void> {
  readonly promise: Promise<T>
  readonly isSettled: boolean
  resolve(value: T): void
  reject(error: unknown): void
}

/** A promise that somebody else settles. */
export function deferred<T>(): Deferred<T> {
  let { promise, resolve, reject } = Promise.withResolvers<T>()
  let settled = { promise, isSettled: false, resolve, reject }
  settled.resolve = value => {
    settled.isSettled = true
    resolve(value)
  }
  settled.reject = error => {
    settled.isSettled = true
    reject(error)
  }
  return settled
}
