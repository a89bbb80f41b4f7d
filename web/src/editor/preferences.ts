/**
 * What this browser's person has chosen for the text: wrapping, line numbers, visible spaces, spelling.
 * Knows what a setting means and not where it is kept; how letters look is the page's (`look.ts`), and the keys are `keymaps.ts`'s.
 */
import { Compartment, type EditorState, type Extension, Facet, type StateEffect } from "@codemirror/state"
import { EditorView, highlightWhitespace, lineNumbers, ViewPlugin } from "@codemirror/view"
import type { Settings } from "../page/settings"

/** What a line has before its first letter, in CSS pixels. */
const LINE_PADDING = 24

/** Whether the text is code. */
export const isCode = Facet.define<true, boolean>({ combine: said => said.length > 0 })

/** What somebody has chosen, as far as a part of the editor asks; it may change. */
export interface Chosen<Key extends keyof Settings> {
  readonly now: Pick<Settings, Key>
  /** Tells `listener` of every change; returns how to stop. */
  onChange(listener: (now: Pick<Settings, Key>, before: Pick<Settings, Key>) => void): () => void
}

/** What is chosen for the text. */
export type TextSettings = Chosen<"wrap" | "lineNumbers" | "whitespace" | "spellcheck">

const source = Facet.define<TextSettings>()
const chosen = new Compartment()

/** Follows what is chosen for as long as the editor lives. */
export function preferences(settings: TextSettings): Extension {
  let follower = ViewPlugin.define(view => {
    let follow = () => view.dispatch({ effects: preferencesFor(view.state, view.state.facet(isCode)) })
    let stop = settings.onChange(follow)
    return { destroy: stop }
  })
  return [source.of(settings), chosen.of(preferred(settings.now, false)), follower]
}

/** What is chosen for a text that becomes code, or prose. */
export function preferencesFor(state: EditorState, isCode: boolean): readonly StateEffect<unknown>[] {
  let [settings] = state.facet(source)
  return settings ? [chosen.reconfigure(preferred(settings.now, isCode))] : []
}

function preferred(
  { wrap, lineNumbers: numbers, whitespace, spellcheck }: TextSettings["now"],
  isCode: boolean,
): Extension {
  let isNumbered = numbers === "on" || (numbers === "auto" && isCode)
  return [
    wrap ? EditorView.lineWrapping : unwrapped,
    isNumbered ? [lineNumbers(), EditorView.editorAttributes.of({ class: "cm-numbered" })] : [],
    whitespace ? highlightWhitespace() : [],
    EditorView.contentAttributes.of({ spellcheck: String(spellcheck && !isCode) }),
  ]
}

/** A line's start is seen with all that is before it: the text does not stay moved aside. */
const unwrapped: Extension = [
  EditorView.editorAttributes.of({ class: "cm-unwrapped" }),
  EditorView.scrollMargins.of(({ contentDOM, scrollDOM }) => ({
    left: Math.min(contentDOM.offsetLeft + LINE_PADDING, scrollDOM.clientWidth / 3),
  })),
]
