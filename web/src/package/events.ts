/**
 * Who wants to hear of what, by name.
 * Knows no event.
 */

/** Listeners to events of the kinds that `Kinds` names; each kind has one argument. */
export class Events<Kinds extends object> {
  private readonly listeners = new Map<keyof Kinds, Set<(what: never) => void>>()

  /** Calls `listener` from now on; returns how to stop. */
  on<Kind extends keyof Kinds>(kind: Kind, listener: (what: Kinds[Kind]) => void): () => void {
    let known = this.listeners.get(kind) ?? new Set()
    this.listeners.set(kind, known)
    known.add(listener)
    return () => void known.delete(listener)
  }

  /** Tells everybody who listens; one that fails stops nobody else. */
  tell<Kind extends keyof Kinds>(kind: Kind, what: Kinds[Kind]) {
    for (let listener of [...(this.listeners.get(kind) ?? [])]) {
      try {
        ;(listener as (what: Kinds[Kind]) => void)(what)
      } catch (error) {
        reportError(error)
      }
    }
  }

  /** Nobody listens any more. */
  clear() {
    this.listeners.clear()
  }
}
