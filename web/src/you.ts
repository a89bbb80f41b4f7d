/**
 * What the server says of the person at this page: what they may do, and how the others see them.
 * Knows the one frame that says so, and neither the socket it comes on nor the page.
 */
import { isRecord } from "./page/storage"

/** What somebody may do with a document, each more than the one before. */
export const ROLES = ["viewer", "editor", "owner"] as const
export type Role = (typeof ROLES)[number]

/** How a server decides who may do what. */
export type AccessMode = "open" | "links" | "tokens"

/** The person at this page, as the server knows them. */
export interface You {
  readonly access: AccessMode
  readonly role: Role
  /** The id under which the others see this person; empty where everybody says themselves who they are. */
  readonly id: string
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
  /** The name comes from a token: it is not this person's to change. */
  readonly named: boolean
}

/** The control tag, and the kind of message that is read here (docs/protocol.md). */
const CONTROL = 103
const YOU = 5

/** What a frame says of this person, if that is what it is about. */
export function youIn(frame: Uint8Array): You | undefined {
  if (frame[0] !== CONTROL) return undefined
  let reader = new Reader(frame)
  try {
    let message = new Reader(reader.skip(1).bytes())
    if (message.number() !== YOU) return undefined
    return youOf(JSON.parse(new TextDecoder().decode(message.bytes())))
  } catch {
    // Whatever it is, it is not for us.
    return undefined
  }
}

export function isRole(value: unknown): value is Role {
  return ROLES.includes(value as Role)
}

function youOf(value: unknown): You | undefined {
  if (!isRecord(value) || !isRole(value.role)) return undefined
  let access = value.access
  if (access !== "open" && access !== "links" && access !== "tokens") return undefined
  let text = (key: string) => (typeof value[key] === "string" ? value[key] : "")
  let color = /^#[0-9a-f]{6}$/i.test(text("color")) ? text("color") : ""
  return { access, role: value.role, id: text("id"), name: text("name"), color, named: value.named === true }
}

/** Reads numbers and strings of bytes as lib0 writes them. */
class Reader {
  private at = 0

  constructor(private readonly from: Uint8Array) {}

  skip(count: number): this {
    this.at += count
    return this
  }

  number(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      let byte = this.from[this.at++]
      if (byte === undefined || factor > 2 ** 42) throw new RangeError("no number")
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  bytes(): Uint8Array {
    let length = this.number()
    let bytes = this.from.subarray(this.at, this.at + length)
    if (bytes.length < length) throw new RangeError("cut off")
    this.at += length
    return bytes
  }
}
