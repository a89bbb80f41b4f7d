/**
 * The editor as a whole: CodeMirror in a shadow root with everything a person expects of a page of text.
 * Knows the connection it shows and nothing of the page around it.
 */
import { bracketMatching, indentUnit } from "@codemirror/language"
import { highlightSelectionMatches } from "@codemirror/search"
import { Compartment, EditorState, type Extension } from "@codemirror/state"
import {
  crosshairCursor,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  placeholder,
  rectangularSelection,
} from "@codemirror/view"
import { messages } from "../messages"
import type { Screens } from "../screens"
import { cursors } from "./blink"
import { collab } from "./collab"
import { keymaps } from "./keymaps"
import { keys } from "./keys"
import { margin } from "./margin"
import { setPeers } from "./peers"
import { type Chosen, preferences, type TextSettings } from "./preferences"
import { presence } from "./presence"
import { textOf } from "./splices"
import { theme } from "./theme"
import { wellFormed } from "./wellformed"

const HELP_ID = "help"

/** What the page tells the editor and hears from it. */
export interface EditorConfig {
  /** The document's name, for screen readers. */
  readonly name: string
  /** What the person has chosen. */
  readonly settings: TextSettings & Chosen<"keymap">
  /** What comes before everything else. */
  readonly extensions?: Extension
  /** Called after each change of the text by this person. */
  onEdit(): void
  /** What the text is written in. */
  readonly language: Extension
  /** Called when the others or their carets changed; the state has them. */
  onPeers(): void
  /** Called when the text changed, whoever did it. */
  onText(): void
}

/** A mounted editor. */
export interface Editor {
  readonly view: EditorView
  /** What an empty document says, and whether typing is pointless because nothing would be kept. */
  setMode(hint: string, readOnly: boolean): void
}

/** Mounts an editor of a document in `parent`, which stands in `root`. */
export function mountEditor(
  parent: Element | ShadowRoot,
  root: ShadowRoot | Document,
  screens: Screens,
  config: EditorConfig,
): Editor {
  let { connection } = screens
  parent.append(helpElement())
  let mode = switchable()
  let view = new EditorView({
    root,
    parent,
    state: EditorState.create({
      doc: textOf(connection.attempt(replica => replica.text()) ?? ""),
      extensions: [
        config.extensions ?? [],
        collab(screens, () => config.onEdit()),
        presence(connection),
        mode.initially(messages.editor.loading, false),
        listeners(config),
        config.language,
        defaults(config),
      ],
    }),
  })
  return {
    view,
    setMode: (hint, readOnly) => mode.set(view, hint, readOnly),
  }
}

/** What changes with the connection. Reconfiguring costs a pass over all extensions: only for a difference. */
function switchable() {
  let compartment = new Compartment()
  let now = { hint: "", readOnly: false }
  let extension = () => [
    placeholder(now.hint),
    EditorState.readOnly.of(now.readOnly),
    // Reading needs a cursor, for what is copied and looked for, but no keyboard over half of a phone.
    now.readOnly ? EditorView.contentAttributes.of({ inputmode: "none" }) : [],
  ]
  return {
    initially(hint: string, readOnly: boolean) {
      now = { hint, readOnly }
      return compartment.of(extension())
    },
    set(view: EditorView, hint: string, readOnly: boolean) {
      if (now.hint === hint && now.readOnly === readOnly) return
      now = { hint, readOnly }
      view.dispatch({ effects: compartment.reconfigure(extension()) })
    },
  }
}

/** Read out with the text's name; references do not cross the shadow border, so it lives inside. */
function helpElement(): HTMLElement {
  let help = document.createElement("p")
  help.id = HELP_ID
  help.hidden = true
  help.textContent = messages.editor.help
  return help
}

function listeners(config: EditorConfig): Extension {
  return EditorView.updateListener.of(update => {
    if (update.docChanged) config.onText()
    let reported = update.transactions.some(tr => tr.effects.some(effect => effect.is(setPeers)))
    if (reported) config.onPeers()
  })
}

function defaults({ name, settings }: EditorConfig): Extension {
  return [
    wellFormed(),
    keymaps(settings),
    keys(),
    preferences(settings),
    theme(),
    margin(),
    highlightSelectionMatches(),
    highlightSpecialChars(),
    highlightActiveLine(),
    bracketMatching(),
    cursors(),
    dropCursor(),
    rectangularSelection(),
    crosshairCursor(),
    indentUnit.of("  "),
    EditorState.allowMultipleSelections.of(true),
    EditorView.clickAddsSelectionRange.of(event => event.altKey),
    // Room to see around the cursor, and the page's own edge when it is on the first line.
    EditorView.scrollMargins.of(() => ({ top: 48, bottom: 48 })),
    EditorView.contentAttributes.of({
      "aria-label": messages.editor.label(name),
      tabindex: "0",
      "aria-describedby": HELP_ID,
    }),
  ]
}
