/**
 * The views of a text: written, read, or both side by side. Which is on, who chooses it, and what each shows.
 * Knows where the editor is; the preview is loaded when it is wanted.
 */
import { actions } from "../actions"
import type { Editor } from "../editor/editor"
import { topLine } from "../editor/top-line"
import { CodraftViewSwitch } from "../elements/view-switch"
import { messages } from "../messages/views"
import type { Preview } from "../preview/open"
import { byId } from "./dom"
import { bindKeys } from "./hotkeys"
import { notice } from "./notice"
import { recall, remember } from "./storage"

export const VIEWS = ["write", "split", "read"] as const
export type View = (typeof VIEWS)[number]

const KEYS: Record<View, string> = { write: "Mod-Shift-e", split: "Mod-Shift-d", read: "Mod-Shift-f" }
const KEPT = "codraft.view"
/** Two columns of less than this are no good to anybody. */
const NARROW = "(max-width: 52rem)"

/** The views of one editor. */
export class Views {
  private readonly place = byId("editor", HTMLElement)
  private readonly control = new CodraftViewSwitch()
  private readonly isNarrow = matchMedia(NARROW)
  /** What this person has chosen, if they have. */
  private chosen: View | null = null
  /** The choice is not to be seen yet. */
  private isChosen = false
  /** What is shown until they choose. */
  private first: View = "write"
  /** Only Markdown reads otherwise than it is written. */
  isMarkdown = true
  private isOver = false
  private preview: Preview | null = null
  private loading: Promise<Preview> | null = null
  private shown: View = "write"

  constructor(
    private readonly editor: Editor,
    private readonly name: string,
  ) {
    byId("views", HTMLElement).append(this.control)
    this.control.addEventListener("codraft-view", event => this.choose((event as CustomEvent<View>).detail))
    this.control.addEventListener("pointerenter", () => this.load().catch(() => {}))
    this.isNarrow.addEventListener("change", () => this.show())
    let offered = (view: View) => this.isOffered && !(view === "split" && this.isNarrow.matches)
    actions.add(
      ...VIEWS.map(view => ({
        id: `view.${view}`,
        title: messages.views.actions[view],
        group: "view" as const,
        // The header has them.
        rare: true,
        keys: KEYS[view],
        isOffered: () => offered(view),
        isOn: () => this.shown === view,
        run: () => this.choose(view),
      })),
    )
    bindKeys(VIEWS.map(view => ({ keys: KEYS[view], run: () => actions.run(`view.${view}`) })))
    this.show()
  }

  /** Who opens a text that they may only read has come to read it; who may write finds what they used last. */
  begin(mayWrite: boolean) {
    this.beginWith(mayWrite ? (recall(KEPT, isKept) ?? "write") : "read")
  }

  /** Shows this one until somebody chooses. */
  beginWith(view: View) {
    this.first = view
    // Nobody is shown the marks first who has come for the words.
    if (view === "read" && this.isOffered && !this.chosen) document.body.dataset.view = this.first
    this.show()
  }

  /** What the text is written in has changed. */
  setMarkdown(isMarkdown: boolean) {
    this.isMarkdown = isMarkdown
    this.show()
  }

  /** There is no editor any more. */
  end() {
    this.isOver = true
    this.show()
  }

  /** The text as it reads, loaded if need be. */
  load(): Promise<Preview> {
    this.loading ??= import("../preview/open")
      .then(({ openPreview }) => openPreview(this.editor.view, this.place, this.name))
      .then(preview => {
        this.preview = preview
        return preview
      })
    this.loading.catch(() => {
      this.loading = null
    })
    return this.loading
  }

  /** The text as it reads, if it was loaded before. */
  get loaded(): Preview | null {
    return this.preview
  }

  get isOffered(): boolean {
    return this.isMarkdown && !this.isOver
  }

  private choose(view: View) {
    this.chosen = view
    // Reading is for one text; who writes would not look for the cursor there in the next.
    if (view !== "read") remember(KEPT, view)
    this.isChosen = true
    this.show()
  }

  private show() {
    this.control.narrow = this.isNarrow.matches
    this.control.hidden = !this.isOffered
    let view = this.isOffered ? (this.chosen ?? this.first) : "write"
    if (view === "split" && this.isNarrow.matches) view = "write"
    if (view === this.shown) return this.focusIfChosen()
    let line = this.preview?.line ?? topLine(this.editor.view)
    this.shown = view
    this.control.view = view
    if (view === "write") this.turn(view, line)
    else this.prepared(view, line).catch(error => this.failed(error))
  }

  /** The page turns when there is something to see on its other side. */
  private async prepared(view: View, line: number) {
    let preview = await this.load()
    if (this.shown !== view) return
    // Who comes to read comes by an address, which may name a heading.
    if (document.body.dataset.view === view) preview.leadTo(placeIn(location.hash))
    await preview.prepare()
    if (this.shown === view) this.turn(view, line)
  }

  private turn(view: View, line: number) {
    document.body.dataset.view = view
    this.preview?.follow(view, line)
    this.focusIfChosen()
  }

  private focusIfChosen() {
    if (!this.isChosen) return
    this.isChosen = false
    if (this.shown !== "read") this.editor.view.focus()
    else this.preview?.focus()
  }

  /** Without the preview there is still the text. */
  private failed(error: unknown) {
    console.warn("the preview could not be loaded:", error)
    notice(messages.views.notLoaded)
    this.chosen = "write"
    this.show()
  }
}

/** The place on the page that a fragment names. */
function placeIn(fragment: string): string {
  try {
    return decodeURIComponent(fragment.slice(1))
  } catch {
    return ""
  }
}

function isKept(value: unknown): value is View {
  return value === "write" || value === "split"
}
