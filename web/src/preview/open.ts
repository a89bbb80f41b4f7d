/**
 * The preview as a whole: the text beside or in the place of the editor, as it reads, alive.
 * Knows all of its parts; loaded when somebody wants to see it.
 */
import { StateEffect, type Transaction } from "@codemirror/state"
import { EditorView, type ViewUpdate } from "@codemirror/view"
import { fromReplica } from "../editor/collab"
import { topLine } from "../editor/top-line"
import { CodraftPreview } from "../elements/preview"
import { messages } from "../messages/preview"
import { copyText } from "../page/copy"
import type { View } from "../page/views"
import { Feed } from "./feed"
import { Page } from "./page"
import { placeIn } from "./place"
import { Enrichment } from "./rich"
import { ScrollTogether } from "./scroll"
import type { Answer } from "./worker"

/** How much of a text is searched for the place of a click. */
const MAX_SEARCHED = 20_000
/** A long text is shown before all of it is there. */
const MOST_MS = 300
/** What stays free above a place that is shown. */
const MARGIN_PX = 24
/** How long printing waits for images. */
const IMAGES_MS = 5_000

/** Makes the preview of an editor, behind `place`. */
export async function openPreview(view: EditorView, place: HTMLElement, name: string): Promise<Preview> {
  let element = new CodraftPreview()
  element.label = messages.label(name)
  place.after(element)
  await element.updateComplete
  return new Preview(view, element)
}

/** A preview on the page. */
export class Preview {
  private readonly page: Page
  private readonly feed: Feed
  private readonly scroll: ScrollTogether
  private readonly rich: Enrichment
  private mode: View = "write"
  /** The heading that the page's address names, until it is there. */
  private wanted = ""
  private isLed = false

  constructor(
    private readonly view: EditorView,
    private readonly element: CodraftPreview,
  ) {
    let { article, pane } = element
    this.rich = new Enrichment(pane, article)
    this.page = new Page(article, {
      isReadOnly: () => view.state.readOnly,
      onNew: (block, old) => this.rich.took(block, old),
    })
    this.feed = new Feed(view.state.doc, {
      onAnswer: answer => this.show(answer),
      onFailure: reason => this.say(messages[reason]),
    })
    this.scroll = new ScrollTogether(view, pane, this.page)
    element.events = {
      onTask: box => this.tick(box),
      onPlace: event => this.mode === "split" && this.goToPlace(event),
      onAnchor: id => this.goToAnchor(id),
      onCopy: copyText,
    }
    let listen = EditorView.updateListener.of(update => this.updated(update))
    view.dispatch({ effects: StateEffect.appendConfig.of(listen) })
  }

  /** The line that is read now, with how much of it is above. */
  get line(): number {
    return this.mode === "read" ? this.scroll.pageLine() : topLine(this.view)
  }

  /** Begins to draw; resolves when there is something to see. */
  async prepare() {
    this.feed.follow(true)
    await Promise.race([this.feed.settled(), new Promise(resolve => setTimeout(resolve, MOST_MS))])
  }

  /** Follows the text as this view of it needs, which is on the page now; `line` is what was seen so far. */
  async follow(mode: View, line: number) {
    let before = this.mode
    this.mode = mode
    this.element.alone = mode === "read"
    this.feed.follow(mode !== "write")
    if (before === "read" && mode !== "read") this.showInEditor(line)
    if (before === "write" && mode !== "write") {
      await this.feed.settled()
      if (this.mode === mode && !this.isLed) this.scroll.showOnPage(line)
      this.isLed = false
    }
    this.scroll.follow(this.mode === "split")
  }

  /** Resolves when the text is there as it is now, with all that comes later. */
  async complete() {
    this.feed.follow(true)
    await this.feed.settled()
    this.feed.follow(this.mode !== "write")
    await Promise.all([this.rich.all(), this.images()])
  }

  /** Resolves when all images are there, or have been waited for long enough. */
  private async images() {
    let all = [...this.element.article.querySelectorAll("img")].map(image => {
      image.loading = "eager"
      return image.decode().catch(() => {})
    })
    await Promise.race([Promise.all(all), new Promise(resolve => setTimeout(resolve, IMAGES_MS))])
  }

  /** Draws no more, and takes itself off the page. */
  end() {
    this.feed.stop()
    this.scroll.end()
    this.element.remove()
  }

  /** Shows at once what can be shown at once; whether that is the text as it is now. */
  flush(): boolean {
    this.page.flush()
    return this.feed.isCurrent
  }

  /** Goes to a heading as soon as it is there. */
  leadTo(id: string) {
    this.wanted = id
    this.lead()
  }

  focus() {
    this.element.pane.focus({ preventScroll: true })
  }

  /** The editor was not to be seen so far, and measures nothing before it is. */
  private showInEditor(line: number) {
    let { doc } = this.view.state
    let { from } = doc.line(Math.min(doc.lines, Math.floor(line) + 1))
    this.view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "start", yMargin: 0 }) })
  }

  private updated({ docChanged, changes, state, startState, transactions }: ViewUpdate) {
    if (docChanged) {
      this.feed.edited(changes, state.doc)
      let isOwn = transactions.some(tr => tr.docChanged && !tr.annotation(fromReplica))
      if (isOwn && this.view.hasFocus) this.scroll.typed()
    }
    if (this.mode === "read") this.goAlong(transactions)
    if (state.readOnly === startState.readOnly) return
    for (let box of this.element.article.querySelectorAll("input")) box.disabled = state.readOnly
  }

  /** Whatever shows a place in the text, an outline say, shows it to who reads as well. */
  private goAlong(transactions: readonly Transaction[]) {
    let targets = transactions.flatMap(({ effects }) => effects.map(({ value }) => value?.range?.head))
    let head = targets.findLast(target => typeof target === "number")
    let { doc } = this.view.state
    if (head !== undefined)
      this.scroll.showOnPage(doc.lineAt(Math.min(head, doc.length)).number - 1, MARGIN_PX)
  }

  private async show(answer: Answer) {
    let focused = this.focusedTask()
    await this.page.apply(answer)
    this.say(this.page.blocks.length ? "" : messages.empty)
    this.scroll.drawn()
    this.lead()
    if (focused) this.focusTask(focused)
  }

  private lead() {
    if (!this.wanted || !this.element.goTo(this.wanted)) return
    this.wanted = ""
    this.isLed = true
  }

  private say(words: string) {
    this.element.word = words
    if (words && words !== messages.empty) this.element.article.replaceChildren()
  }

  /** The line and column of the box that has the focus. */
  private focusedTask(): [line: number, column: string] | null {
    let box = this.element.shadowRoot?.activeElement
    let [line, column] = box instanceof HTMLInputElement ? this.placeOfTask(box) : []
    return line === undefined || column === undefined ? null : [line, String(column)]
  }

  /** The box at this place is a new one by now. */
  private focusTask([line, column]: [line: number, column: string]) {
    if (this.element.shadowRoot?.activeElement) return
    let block = this.page.blocks.find(block => block.line <= line && line < block.end)
    let box = block?.element.querySelector<HTMLElement>(`[data-task="${line - block.line}:${column}"]`)
    box?.focus({ preventScroll: true })
  }

  private placeOfTask(box: HTMLInputElement): [line: number, column: number] | [] {
    let block = this.page.blockOf(box)
    let [line = Number.NaN, column = 0] = (box.dataset.task ?? "").split(":").map(Number)
    return block && !Number.isNaN(line) ? [block.line + line, column] : []
  }

  private tick(box: HTMLInputElement) {
    let [line, column] = this.placeOfTask(box)
    let from = line === undefined ? -1 : this.offsetOf(line, column ?? 0)
    let { state } = this.view
    // Somebody may have written something else there meanwhile.
    if (state.readOnly || from < 1 || !/^\[[ xX]\]$/.test(state.sliceDoc(from - 1, from + 2))) {
      box.checked = !box.checked
      return
    }
    let changes = { from, to: from + 1, insert: box.checked ? "x" : " " }
    this.view.dispatch({ changes, userEvent: "input.replace.task" })
  }

  /** Where a place of the text that is shown is now; -1 if that cannot be said. */
  private offsetOf(line: number, column: number): number {
    let doc = this.feed.shown
    if (!doc || line < 0 || line >= doc.lines) return -1
    return this.feed.now(Math.min(doc.length, doc.line(line + 1).from + column), 1)
  }

  private goToPlace(event: MouseEvent) {
    let { target } = event
    let block = target instanceof Element ? this.page.blockOf(target) : undefined
    if (!block || !(target instanceof Element) || !getSelection()?.isCollapsed) return
    let near = target.closest<HTMLElement>("[data-line]") ?? block.element
    let line = block.line + Number(near.dataset.line ?? 0) + (near.matches(".code") ? 1 : 0)
    let from = this.offsetOf(line, 0)
    if (from < 0) return
    let written = this.view.state.sliceDoc(from, from + MAX_SEARCHED)
    let at = from + placeIn(written, readBefore(event, near, this.element.renderRoot))
    let anchor = Math.min(at, this.view.state.doc.length)
    this.view.dispatch({ selection: { anchor }, scrollIntoView: true, userEvent: "select.pointer" })
    this.view.focus()
  }

  private goToAnchor(id: string) {
    if (!this.element.goTo(id)) return
    // So that the address can be passed on; the page does not listen to it.
    history.replaceState(history.state, "", `#${encodeURIComponent(id)}`)
  }
}

/** What is to be read of an element up to where the mouse is. */
function readBefore({ clientX, clientY }: MouseEvent, element: HTMLElement, root: Node): string {
  let shadowRoots = root instanceof ShadowRoot ? [root] : []
  let place = document.caretPositionFromPoint?.(clientX, clientY, { shadowRoots })
  if (!place || !element.contains(place.offsetNode)) return ""
  let range = document.createRange()
  range.setStart(element, 0)
  range.setEnd(place.offsetNode, place.offset)
  return range.toString()
}
