/**
 * `codraft/react`: the element as a component, and a session as a hook.
 * Knows React's way of naming and of beginning and ending, and nothing of documents.
 */
import {
  createElement,
  type ReactElement,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react"
import type { PeerState, Session, SessionOptions, SessionStatus } from "./api"
import type { CodraftEditor as Element, Selection } from "./element"
import { defineElements } from "./elements"
import type { CodraftError } from "./errors"
import { LiveSession } from "./session"

/** The element's properties, and its attributes in React's spelling. */
export interface CodraftEditorProps
  extends Partial<
    Pick<Element, "session" | "tokenProvider" | "user" | "extensions" | "uploadHandler" | "messages">
  > {
  readonly ref?: Ref<Element>
  readonly doc?: string
  readonly server?: string
  readonly token?: string
  readonly userName?: string
  readonly userColor?: string
  readonly language?: string
  readonly theme?: "auto" | "light" | "dark"
  readonly mode?: "write" | "split" | "read"
  readonly readOnly?: boolean
  readonly disabled?: boolean
  readonly placeholder?: string
  readonly name?: string
  readonly keymap?: "standard" | "vim" | "emacs"
  readonly lineNumbers?: "auto" | "on" | "off"
  readonly wrap?: boolean
  readonly offline?: boolean
  readonly toolbar?: boolean
  readonly presence?: boolean
  readonly wasmUrl?: string
  readonly id?: string
  readonly className?: string
  readonly lang?: string
  readonly dir?: "ltr" | "rtl" | "auto"
  readonly onReady?: () => void
  /** The text has changed, whoever did it; it is the element's `value`. */
  readonly onChange?: (editor: Element) => void
  readonly onInput?: (editor: Element) => void
  readonly onSelection?: (selection: Selection) => void
  readonly onStatus?: (status: SessionStatus) => void
  readonly onPeers?: (peers: readonly PeerState[]) => void
  readonly onError?: (error: CodraftError) => void
  readonly onAuthRequired?: (why: { code: number; reason: string }) => void
}

/** Attributes by their names as properties; what is not here is a property of the element. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  doc: "doc",
  server: "server",
  token: "token",
  userName: "user-name",
  userColor: "user-color",
  language: "language",
  theme: "theme",
  mode: "mode",
  readOnly: "readonly",
  disabled: "disabled",
  placeholder: "placeholder",
  name: "name",
  keymap: "keymap",
  lineNumbers: "line-numbers",
  wrap: "wrap",
  offline: "offline",
  toolbar: "toolbar",
  presence: "presence",
  wasmUrl: "wasm-url",
  id: "id",
  className: "class",
  lang: "lang",
  dir: "dir",
}
const PROPERTIES = ["session", "tokenProvider", "user", "extensions", "uploadHandler", "messages"] as const

/** An editor of a document. What it does is the element's; see `codraft/element`. */
export function CodraftEditor({ ref, ...props }: CodraftEditorProps): ReactElement {
  let own = useRef<Element>(null)
  let latest = useRef(props)
  latest.current = props
  useImperativeHandle(ref, () => own.current as Element)
  useEffect(() => {
    defineElements()
    return own.current ? listen(own.current, () => latest.current) : undefined
  }, [])
  useEffect(() => {
    for (let name of PROPERTIES) {
      let [element, value] = [own.current, props[name]]
      if (element && value !== undefined && element[name] !== value) Object.assign(element, { [name]: value })
    }
  })
  return createElement("codraft-editor", { ref: own, ...attributesOf(props) })
}

/** A session that lives as long as a component, or until its options change; null at first, and on a server. */
export function useCodraft(options: SessionOptions): Session | null {
  let [session, setSession] = useState<Session | null>(null)
  let { doc, server, token, field, offline, wasmUrl, connects, user } = options
  let latest = useRef(options)
  latest.current = options
  let person = JSON.stringify(user)
  // Options are told apart by what they say: an object of the same words is no other document.
  useEffect(() => {
    let { tokenProvider, ...others } = latest.current
    let made = new LiveSession({
      ...others,
      ...(tokenProvider && { tokenProvider: () => latest.current.tokenProvider?.() ?? "" }),
    })
    setSession(made)
    return () => {
      setSession(null)
      made.end()
    }
  }, [doc, server, token, field, offline, wasmUrl, connects, person])
  return session
}

function attributesOf(props: CodraftEditorProps): Record<string, string> {
  let given = Object.entries(props).flatMap(([name, value]): [string, string][] => {
    let attribute = ATTRIBUTES[name]
    if (!attribute || value === undefined || value === null) return []
    // `wrap` is on until it is said to be off; the others are there, or not.
    if (value === false) return attribute === "wrap" ? [[attribute, "off"]] : []
    return [[attribute, value === true ? "" : String(value)]]
  })
  return Object.fromEntries(given)
}

function listen(element: Element, props: () => CodraftEditorProps): () => void {
  let stop = new AbortController()
  let on = (type: string, call: (detail: never) => void) =>
    element.addEventListener(`codraft-${type}`, event => call((event as CustomEvent<never>).detail), {
      signal: stop.signal,
    })
  on("ready", () => props().onReady?.())
  on("change", () => props().onChange?.(element))
  on("input", () => props().onInput?.(element))
  on("selection", selection => props().onSelection?.(selection))
  on("status", status => props().onStatus?.(status))
  on("peers", peers => props().onPeers?.(peers))
  on("error", error => props().onError?.(error))
  on("auth-required", why => props().onAuthRequired?.(why))
  return () => stop.abort()
}
