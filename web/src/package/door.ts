/**
 * The way into a document for an app: an address, with a token that the app brings for each attempt.
 * Knows neither what a token says nor what becomes of an attempt.
 */
import type { Door } from "../host"
import type { Role, You } from "../you"

/** Brings a token: called for each attempt to connect. */
export type TokenProvider = () => string | Promise<string>

/** What a door tells. */
export interface DoorEvents {
  /** The server has said who this person is, and what they may do. */
  onYou(you: You): void
  /** A token could not be brought; the attempt ends as if there were no network. */
  onNoToken(error: unknown): void
}

/** The door to one document. */
export class TokenDoor implements Door {
  /** What the server has said of this person. */
  you: You | null = null

  constructor(
    private readonly socket: string,
    private readonly bring: () => string | undefined | Promise<string>,
    private readonly events: DoorEvents,
  ) {}

  /** What this person may do, as far as that is known. */
  get role(): Role | null {
    return this.you?.role ?? null
  }

  /** Whether what is typed can be kept: until the server has spoken nothing says otherwise. */
  get mayWrite(): boolean {
    return this.role !== "viewer"
  }

  readonly address = (): string | Promise<string> => {
    let brought: string | undefined | Promise<string>
    try {
      brought = this.bring()
    } catch (error) {
      brought = Promise.reject(error)
    }
    if (typeof brought !== "object") return this.withToken(brought)
    return brought.then(
      token => this.withToken(token),
      error => {
        this.events.onNoToken(error)
        throw error
      },
    )
  }

  told(you: You) {
    this.you = you
    this.events.onYou(you)
  }

  private withToken(token: string | undefined): string {
    return token ? `${this.socket}?token=${encodeURIComponent(token)}` : this.socket
  }
}
