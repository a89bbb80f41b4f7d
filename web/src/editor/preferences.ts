/**
 * What this browser's person has chosen for the text: wrapping, line numbers, visible spaces, spelling.
 * Knows the settings; how letters look is the page's (`look.ts`), and the keys are `keymaps.ts`'s.
 */
import { Compartment, type Extension, Facet, type StateEffect } from "@codemirror/state"
import { EditorView, highlightWhitespace, lineNumbers, ViewPlugin } from "@codemirror/view"
import { type Settings, settings } from "../page/settings"

/** What a line has before its first letter, in CSS pixels. */
const LINE_PADDING = 24

/** Whether the text is code. */
export const isCode = Facet.define<true, boolean>({ combine: said => said.length > 0 })

const chosen = new Compartment()

/** Follows the settings for as long as the editor lives. */
export function preferences(): Extension {
  let follower = ViewPlugin.define(view => {
    let stop = settings.onChange(() => view.dispatch({ effects: preferencesFor(view.state.facet(isCode)) }))
    return { destroy: stop }
  })
  return [chosen.of(preferred(settings.now, false)), follower]
}

/** What is chosen for a text that becomes code, or prose. */
export function preferencesFor(isCode: boolean): StateEffect<unknown> {
  return chosen.reconfigure(preferred(settings.now, isCode))
}

function preferred(
  { wrap, lineNumbers: numbers, whitespace, spellcheck }: Settings,
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
