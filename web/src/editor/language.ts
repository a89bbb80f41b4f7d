/**
 * What the text is written in, as the editor shows it: Markdown, plain words or code; changed while people write.
 * Knows how each is told by its name, and no grammar but Markdown's: the others are fetched when they are wanted.
 */
import { Compartment, type Extension } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { messages } from "../messages"
import { markdown } from "./markdown"
import { preferencesFor } from "./preferences"

/** What a document says when it is written in one of these. */
export const MARKDOWN = "markdown"
export const PLAIN = "plain"

/** Whether a text in this language is made of sentences: its first line says what it is about. */
export function isProse({ id }: Written): boolean {
  return id === MARKDOWN || id === PLAIN
}

/** A language as the page speaks of it. */
export interface Written {
  /** As documents keep it. */
  readonly id: string
  /** As people call it. */
  readonly name: string
}

/** Prose that is not Markdown. */
const plain: Written = { id: PLAIN, name: messages.language.plain }
const inMarkdown: Written = { id: MARKDOWN, name: messages.language.markdown }

/** The language of one editor, as it changes. */
export type LanguageSwitch = ReturnType<typeof languageSwitch>

/** The language of one editor. `file` is what the document is called: it counts where nobody has chosen. */
export function languageSwitch(file: string, onShown: (written: Written) => void) {
  let compartment = new Compartment()
  let wanted: string | undefined
  let show = (view: EditorView, written: Written, extension: Extension, isCode: boolean) => {
    view.dispatch({ effects: [compartment.reconfigure(extension), ...preferencesFor(view.state, isCode)] })
    onShown(written)
  }
  let showCode = async (view: EditorView, said: string) => {
    let found = await fetchCode(said, file, view)
    // Somebody may have chosen another one meanwhile.
    if (wanted !== said) return
    if (found) show(view, found.language, found.extension, true)
    else show(view, ...(said ? prose(PLAIN) : prose(MARKDOWN)))
  }
  return {
    initially: compartment.of(markdownText()),
    /** Shows the text in what a document says; nothing where nobody has chosen. */
    set(view: EditorView, said: string) {
      if (said === wanted) return
      wanted = said
      let known = said || proseOfFile(file)
      if (known === MARKDOWN || known === PLAIN) return show(view, ...prose(known))
      showCode(view, said).catch(() => {
        // The network may be back later; until then the words are there all the same.
        if (wanted !== said) return
        wanted = undefined
        show(view, ...prose(PLAIN))
        window.addEventListener("online", () => wanted === undefined && this.set(view, said), { once: true })
      })
    },
  }
}

/** What a file of this name is written in, if that is prose; what has no end is, too. */
function proseOfFile(file: string): string | undefined {
  let name = file.split("/").at(-1) ?? ""
  if (/\.(txt|text|log)$/i.test(name)) return PLAIN
  if (/\.(md|markdown|mdx)$/i.test(name)) return MARKDOWN
  // Only what looks like a file's name is worth fetching the list of languages for.
  return /\.[a-z][a-z0-9+]{0,11}$|^(docker|make|container|gem|rake)file$/i.test(name) ? undefined : MARKDOWN
}

async function fetchCode(said: string, file: string, view: EditorView) {
  let { languageOf, languageOfFile } = await import("./languages")
  let language = said ? languageOf(said) : languageOfFile(file)
  if (!language) return undefined
  let [{ code }, support] = await Promise.all([import("./code"), language.load()])
  return { language, extension: code(language, support, view.state.doc) }
}

function prose(id: typeof MARKDOWN | typeof PLAIN): [Written, Extension, false] {
  return id === MARKDOWN ? [inMarkdown, markdownText(), false] : [plain, words(PLAIN), false]
}

function markdownText(): Extension {
  return [markdown(), words(MARKDOWN)]
}

/** What browsers do for people who write sentences. */
function words(id: string): Extension {
  return EditorView.contentAttributes.of({
    autocorrect: "on",
    autocapitalize: "sentences",
    "data-language": id,
  })
}
