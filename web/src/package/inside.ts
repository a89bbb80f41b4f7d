/**
 * What is inside of an embedded editor: the text with its status below and, where they are wanted, buttons and faces above, and
 * the text as it reads.
 * Knows how it is shown; which document that is, is the element's business.
 */
import { Compartment, type Extension } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { redo, undo } from "../editor/collab"
import { type Editor, mountEditor } from "../editor/editor"
import type { LanguageSwitch } from "../editor/language"
import { topLine } from "../editor/top-line"
import { messages } from "../messages"
import type { Preview } from "../preview/open"
import type { Screens } from "../screens"
import { extensionTrouble, troubleWith } from "./app-extensions"
import { type Attributes, Choice, type Mode } from "./attributes"
import type { Fellows } from "./fellows"
import { textLook } from "./look"
import type { LiveSession } from "./session"
import { type UploadHandler, uploads } from "./uploads"

/** A range of the text; `head` is where the cursor is. */
export interface Selection {
  readonly anchor: number
  readonly head: number
}

/** What the inside is made from, and asks while it lives. */
export interface Outside {
  readonly attributes: Attributes
  readonly session: LiveSession
  /** Where it stands, and in what. */
  readonly parent: HTMLElement | ShadowRoot
  readonly root: ShadowRoot | Document
  /** The app's own extensions. */
  readonly extensions: Extension
  /** What labels of a form call it; empty where there are none. */
  label(): string
  /** Whether a form around it keeps people from writing. */
  isDisabled(): boolean
  uploadHandler(): UploadHandler | null
  onInput(): void
  onSelection(): void
}

/** One mounted editor. */
export class Inside {
  readonly view: EditorView
  /** Being together, once that is loaded. */
  fellows: Fellows | null = null
  private readonly editor: Editor
  private readonly above = div("codraft-above", "toolbar-row")
  private readonly views = div("codraft-views", "views")
  private readonly place = div("codraft-text", "editor")
  private readonly foot = div("codraft-foot", "foot")
  private readonly choice: Choice
  private readonly own = new Compartment()
  private readonly labels = new Compartment()
  private readonly language = new Compartment()
  private label = { "aria-label": "", tabindex: "" }
  private languages: LanguageSwitch | null = null
  private readonly stop: (() => void)[]
  private preview: Preview | null = null
  private mode: Mode = "write"
  private removeToolbar: (() => void) | null = null
  private wantsToolbar = false
  private isOver = false

  constructor(
    private readonly outside: Outside,
    screens: Screens,
  ) {
    let { session, parent, root, attributes } = outside
    this.choice = new Choice(attributes.choice)
    this.views.append(this.place)
    let status = document.createElement("codraft-status")
    status.part.add("status")
    this.foot.append(status)
    parent.append(this.above, this.views, this.foot)
    this.editor = mountEditor(this.place, root, screens, {
      name: session.title || session.doc,
      settings: this.choice,
      language: this.language.of([]),
      extensions: [
        this.own.of(this.usable(outside.extensions)),
        textLook,
        this.labels.of([]),
        this.listener(),
      ],
      onEdit: () => {
        session.edited()
        outside.onInput()
      },
      onPeers: () => {},
      onText: () => {},
    })
    this.view = this.editor.view
    this.stop = [session.on("status", () => this.look()), session.on("about", () => this.look())]
    this.look()
    void this.loadLanguage()
    import("./fellows")
      .then(({ Fellows }) => {
        if (!this.isOver) this.fellows = new Fellows(this.view, session, screens.connection)
      })
      .catch(error => console.warn("codraft: who is here is not told:", error))
  }

  /** The attributes, the session or a form say something else. */
  look() {
    if (this.isOver) return
    let { attributes, session } = this.outside
    this.editor.setMode(this.hint(), this.isReadOnly())
    this.languages?.set(this.view, attributes.text("language") ?? session.language)
    this.choice.take(attributes.choice)
    this.lookAtLabel()
    this.lookAbove()
    this.show(attributes.mode).catch(error =>
      console.warn("codraft: the text as it reads cannot be shown:", error),
    )
  }

  /** What is selected. */
  get selection(): Selection {
    let { anchor, head } = this.view.state.selection.main
    return { anchor, head }
  }

  undo() {
    undo(this.view)
  }

  redo() {
    redo(this.view)
  }

  /** The app has other extensions. */
  setExtensions(extensions: Extension) {
    try {
      this.view.dispatch({ effects: this.own.reconfigure(extensions) })
    } catch (error) {
      this.outside.session.report(extensionTrouble(error))
    }
  }

  /** Takes everything off the page. */
  end() {
    this.isOver = true
    for (let stop of this.stop) stop()
    this.fellows?.end()
    this.removeToolbar?.()
    this.preview?.end()
    this.view.destroy()
    for (let part of [this.above, this.views, this.foot]) part.remove()
  }

  private isReadOnly(): boolean {
    let { attributes, session } = this.outside
    return !session.mayWrite || attributes.isOn("readonly") || this.outside.isDisabled()
  }

  private hint(): string {
    let { attributes, session } = this.outside
    let own = attributes.text("placeholder")
    if (session.status.state === "connecting" && !session.hasArrived) return messages.editor.loading
    return own ?? (this.isReadOnly() ? messages.editor.emptyReading : "")
  }

  /** What the text is called for screen readers. Reconfiguring costs a pass over all extensions: only for a difference. */
  private lookAtLabel() {
    let { attributes, session } = this.outside
    let own = attributes.text("aria-label") || this.outside.label()
    let label = own || messages.editor.label(session.title || session.doc)
    let said = { "aria-label": label, tabindex: this.outside.isDisabled() ? "-1" : "0" }
    if (this.label["aria-label"] === label && this.label.tabindex === said.tabindex) return
    this.label = said
    this.view.dispatch({ effects: this.labels.reconfigure(EditorView.contentAttributes.of(said)) })
  }

  /** What comes from another copy of CodeMirror is told of, and left out. */
  private usable(extensions: Extension): Extension {
    let trouble = troubleWith(extensions)
    if (trouble) this.outside.session.report(trouble)
    // Undo that takes back too much is still better than an editor without the rest of them.
    return trouble && trouble.code !== "history" ? [] : extensions
  }

  private listener(): Extension {
    return [
      uploads(this.outside.session, () => this.outside.uploadHandler()),
      EditorView.updateListener.of(update => {
        if (update.selectionSet || update.focusChanged) this.outside.onSelection()
      }),
    ]
  }

  private async loadLanguage() {
    try {
      let { languageSwitch } = await import("../editor/language")
      if (this.isOver) return
      let languages = languageSwitch(this.outside.session.doc, () => {})
      this.view.dispatch({ effects: this.language.reconfigure(languages.initially) })
      this.languages = languages
      this.look()
    } catch (error) {
      console.warn("codraft: the language could not be loaded:", error)
    }
  }

  private lookAbove() {
    let { attributes } = this.outside
    let faces = this.above.querySelector("codraft-presence")
    if (attributes.isOn("presence") && !faces) {
      faces = document.createElement("codraft-presence")
      faces.part.add("presence")
      this.above.append(faces)
    } else if (!attributes.isOn("presence")) faces?.remove()
    this.wantsToolbar = attributes.isOn("toolbar")
    if (!this.wantsToolbar) {
      this.removeToolbar?.()
      this.removeToolbar = null
    } else if (!this.removeToolbar) void this.loadToolbar()
  }

  private async loadToolbar() {
    this.removeToolbar = () => {}
    try {
      let { mountToolbar } = await import("./toolbar")
      if (this.wantsToolbar && !this.isOver) this.removeToolbar = mountToolbar(this.view, this.above)
    } catch (error) {
      console.warn("codraft: the buttons could not be loaded:", error)
    }
  }

  private async show(mode: Mode) {
    if (mode === this.mode) return
    let line = this.preview?.line ?? topLine(this.view)
    this.mode = mode
    if (mode !== "write" && !this.preview) {
      let { openPreview } = await import("../preview/open")
      let preview = await openPreview(this.view, this.place, this.outside.session.doc)
      if (this.isOver) return preview.end()
      this.preview ??= preview
    }
    if (mode !== "write") await this.preview?.prepare()
    if (mode !== this.mode || this.isOver) return
    this.views.dataset.mode = mode
    await this.preview?.follow(mode, line)
  }
}

function div(className: string, part: string): HTMLElement {
  let made = document.createElement("div")
  made.className = className
  made.part.add(part)
  return made
}
