/**
 * What people say the document is: its title and the language of its text, as the replica has them.
 * Knows no element: whoever shows them listens.
 */
import type { Connection } from "./connection"

/** What the replica knows of the document itself; empty where nobody has said anything. */
export class About {
  title = ""
  language = ""
  private readonly listeners = new Set<() => void>()

  constructor(private readonly connection: Connection) {
    connection.onPulled(() => this.look())
    this.look()
  }

  /** Calls `listener` whenever something has changed, whoever said it; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Says something for everybody; an empty word takes back what was said. */
  say(key: "title" | "language", words: string) {
    this.connection.attempt(replica => replica.setAbout(key, words))
    this.look()
  }

  private look() {
    let said = this.connection.attempt(replica => replica.about())
    if (!said) return
    let [title = "", language = ""] = said
    if (title === this.title && language === this.language) return
    this.title = title
    this.language = language
    for (let listener of this.listeners) listener()
  }
}
