/**
 * What another app may keep in a document: under another name than our editor's text, or as something else than text.
 * Knows what the server says of it, and no editor.
 */
import type { Access } from "./access"
import { apiOf, CONTENT } from "./document-name"
import { isRecord } from "./storage"

/** Something that a document holds. */
export interface Field {
  readonly name: string
  readonly kind: "text" | "xml" | "map" | "list"
}

/** What to do with a document, of which one field is asked for. */
export type Plan =
  /** Edit it: that is what it is for. */
  | { readonly do: "edit" }
  /** Show it only: it is no plain text. */
  | { readonly do: "read" }
  /** Leave it alone: it is no text at all. */
  | { readonly do: "refuse" }
  /** There is nothing under this name: show another one. */
  | { readonly do: "switch"; readonly to: string }
  /** The same, and there are several. */
  | { readonly do: "choose"; readonly among: readonly string[] }

const PLANS = { text: "edit", xml: "read", map: "refuse", list: "refuse" } as const

/** What stands in a text for what is none. */
const OBJECT = "\ufffc"

/** Whether a text may be something else, or somewhere else: then the server is to be asked. */
export function isDoubtful(text: Iterable<string>): boolean {
  let empty = true
  for (let part of text) {
    if (part.includes(OBJECT)) return true
    empty &&= !part
  }
  return empty
}

/** What to do, when a document holds these fields. */
export function planFor(asked: string, fields: readonly Field[]): Plan {
  let own = fields.find(({ name }) => name === asked)
  if (own) return { do: PLANS[own.kind] }
  // Whoever asks for a name gets it: perhaps it is about to be written.
  let others = fields.filter(({ kind }) => kind === "text" || kind === "xml").map(({ name }) => name)
  let [first] = others
  if (asked !== CONTENT || first === undefined) return { do: "edit" }
  return others.length === 1 ? { do: "switch", to: first } : { do: "choose", among: others }
}

/** The fields of the document; none when the server does not say. */
export async function fieldsOf({ document, headers }: Access): Promise<readonly Field[]> {
  let answer = await fetch(`${apiOf(document)}/fields`, { headers })
  let fields: unknown = answer.ok ? await answer.json() : []
  return Array.isArray(fields) ? fields.filter(isField) : []
}

function isField(value: unknown): value is Field {
  return (
    isRecord(value) && typeof value.name === "string" && typeof value.kind === "string" && value.kind in PLANS
  )
}
