/**
 * What can be taken along from a document: files, copies, paper. Offers it; what makes it is loaded when it is wanted.
 * Knows the editor's text and the views of it.
 */
import { type Action, actions } from "../actions"
import type { Editor } from "../editor/editor"
import type * as Export from "../export/export"
import { messages } from "../messages/views"
import { bindKeys } from "./hotkeys"
import { notice } from "./notice"
import type { Views } from "./views"

const words = messages.taking

/** What a document is called in file names. */
export interface Taken {
  readonly editor: Editor
  readonly views: Views
  title(): string
}

/** Offers it until the page goes. */
export function takingActions({ editor, views, title }: Taken) {
  let source = () => ({
    text: editor.view.state.doc.toString(),
    title: title(),
    isMarkdown: views.isMarkdown,
  })
  let take = (how: (part: typeof Export, source: Export.Source) => Promise<boolean>) => async () => {
    try {
      let part = await import("../export/export")
      return await how(part, source())
    } catch (error) {
      console.warn("a document could not be taken along:", error)
      notice(words.failed)
      return false
    }
  }
  let copied = (copy: () => Promise<boolean>) => async () =>
    notice((await copy()) ? words.copied : words.copyFailed)
  let print = take((part, source) => part.print(source, () => views.load()))
  let offered = { isOffered: () => views.isMarkdown }
  let markdown = take((part, source) => part.saveMarkdown(source))
  let written = copied(take((part, source) => part.copyWritten(source)))
  actions.add(
    entry("export.md", words.markdown, markdown, offered),
    entry(
      "export.html",
      words.page,
      take((part, source) => part.savePage(source)),
    ),
    entry(
      "export.txt",
      words.text,
      take((part, source) => part.saveText(source)),
    ),
    entry("copy.rich", words.copyRich, copied(take((part, source) => part.copyRich(source))), offered),
    entry("copy.markdown", words.copyMarkdown, written, { ...offered, rare: true }),
    entry("print", words.print, print, { keys: "Mod-p" }),
  )
  bindKeys([{ keys: "Mod-p", run: () => actions.run("document.print") }])
  printAnyway(editor, views)
}

function entry(id: string, title: string, run: () => unknown, rest: Partial<Action> = {}): Action {
  return { id: `document.${id}`, title, group: "document", ...rest, run: () => void run() }
}

/** Who prints by the browser's own menu gets at least all of the words, at once. */
function printAnyway({ view }: Editor, views: Views) {
  let page: HTMLElement | null = null
  window.addEventListener("beforeprint", () => {
    if (document.querySelector(".printed") || views.loaded?.flush()) return
    page = document.createElement("pre")
    page.className = "printed"
    page.textContent = view.state.doc.toString()
    document.body.append(page)
  })
  window.addEventListener("afterprint", () => {
    page?.remove()
    page = null
  })
}
