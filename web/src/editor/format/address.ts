/**
 * Addresses in the text, and which of them may be opened: those of the web and of mail, nothing else.
 * Knows no command.
 */
import type { EditorState } from "@codemirror/state"
import { enclosing } from "./syntax"

const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>]+$/i
/** What the parser takes for an address without a scheme. */
const BARE = /^www\.[^\s<>]+$/i
const MAIL = /^[^\s@<>:]+@[^\s@<>:]+\.[^\s@<>]+$/

/** The address that may be opened at this place, if there is one. */
export function addressAt(state: EditorState, pos: number): string | null {
  let node = enclosing(state, pos, pos, "Link", "Image", "Autolink", "URL")
  let url = node?.name === "URL" ? node : node?.getChild("URL")
  return url ? openable(state.doc.sliceString(url.from, url.to)) : null
}

/** An address as it may be opened; null for all that leads to anything but the web or mail. */
export function openable(text: string): string | null {
  let address = text.replace(/^<|>$/g, "").replace(/\\([!-/:-@[-`{-~])/g, "$1")
  if (ADDRESS.test(address)) return URL.canParse(address) ? address : null
  if (BARE.test(address)) return `https://${address}`
  return MAIL.test(address) ? `mailto:${address}` : null
}

/** Whether a text is nothing but one address. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text) && URL.canParse(text)
}

/** A link's address as Markdown writes it. */
export function destination(address: string): string {
  let balanced = /^[^()]*(?:\([^()]*\)[^()]*)*$/.test(address)
  return balanced ? address : address.replace(/[()]/g, char => (char === "(" ? "%28" : "%29"))
}
