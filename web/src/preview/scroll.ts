/**
 * Keeps two views of one text at the same lines: where one is scrolled to, the other follows. Who was touched last leads.
 * Knows lines and heights, and nothing of what is drawn.
 */
import type { EditorView } from "@codemirror/view"
import { topLine } from "../editor/top-line"
import type { Page, Shown } from "./page"

/** A scroll position that was set comes back as an event; browsers round it. */
const ROUNDING_PX = 2

/** Lets the editor and the page scroll together; returns what there is to say to that. */
export class ScrollTogether {
  private leader: "editor" | "page" = "editor"
  private isOn = false
  private frame = 0
  private isByCursor = false
  private readonly set = new Map<Element, number>()

  private readonly leaving = new AbortController()

  constructor(
    private readonly view: EditorView,
    private readonly pane: HTMLElement,
    private readonly page: Page,
  ) {
    let leads = (leader: "editor" | "page") => () => {
      this.leader = leader
    }
    for (let event of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      let passive = { passive: true, capture: true }
      // Whatever else on the page moves the text, an outline say, moves the editor.
      window.addEventListener(event, leads("editor"), { ...passive, signal: this.leaving.signal })
      pane.addEventListener(event, leads("page"), passive)
    }
    view.scrollDOM.addEventListener("scroll", () => this.scrolled("editor", view.scrollDOM), {
      passive: true,
    })
    pane.addEventListener("scroll", () => this.scrolled("page", pane), { passive: true })
  }

  /** There is nothing to scroll any more. */
  end() {
    this.leaving.abort()
  }

  /** Whether both are to be seen. */
  follow(isOn: boolean) {
    this.isOn = isOn
    if (isOn) this.soon()
  }

  /** This person has typed: the line of the cursor is what is looked at. */
  typed() {
    this.leader = "editor"
    this.isByCursor = true
  }

  /** The page has changed its blocks. */
  drawn() {
    if (this.leader === "editor") this.soon()
  }

  /** Shows the lines on the page that the editor shows, or the other way round. */
  private align() {
    this.frame = 0
    if (!this.isOn) return
    if (this.leader === "editor") this.alignPage()
    else this.showInEditor(this.pageLine())
    this.isByCursor = false
  }

  private scrolled(who: "editor" | "page", element: Element) {
    let own = this.set.get(element)
    this.set.delete(element)
    if (own !== undefined && Math.abs(element.scrollTop - own) <= ROUNDING_PX) return
    if (who === this.leader) this.soon()
  }

  private soon() {
    if (this.isOn) this.frame ||= requestAnimationFrame(() => this.align())
  }

  private scrollTo(element: Element, top: number) {
    let before = element.scrollTop
    element.scrollTop = top
    if (element.scrollTop !== before) this.set.set(element, element.scrollTop)
  }

  /** The line at the top of the page, with how much of it is above. */
  pageLine(): number {
    return this.pane.scrollTop <= ROUNDING_PX ? 0 : lineAt(this.page, topOf(this.pane))
  }

  /** Scrolls the page to where a line is so far below its top. */
  showOnPage(line: number, offset = 0) {
    let { pane } = this
    if (line <= 0 && offset <= 0) return this.scrollTo(pane, 0)
    this.scrollTo(pane, pane.scrollTop + heightOf(this.page, line) - topOf(pane) - offset)
  }

  /** Scrolls the editor to a line. */
  showInEditor(line: number) {
    let { view } = this
    let { scrollDOM, state } = view
    if (line <= 0) return this.scrollTo(scrollDOM, 0)
    let whole = Math.min(state.doc.lines - 1, Math.floor(line))
    let block = view.lineBlockAt(state.doc.line(whole + 1).from)
    let height = view.documentTop + block.top + (line - whole) * block.height
    this.scrollTo(scrollDOM, scrollDOM.scrollTop + height - topOf(scrollDOM))
  }

  /** Where this person types, or else what they see, at the same height. */
  private alignPage() {
    let { view } = this
    let top = topOf(view.scrollDOM)
    let { head } = view.state.selection.main
    let cursor = this.isByCursor ? view.coordsAtPos(head) : null
    let bottom = top + view.scrollDOM.clientHeight
    if (cursor && cursor.top >= top && cursor.bottom <= bottom)
      this.showOnPage(view.state.doc.lineAt(head).number - 1, cursor.top - top)
    else this.showOnPage(topLine(view))
  }
}

/** A line, and where it is on the screen. */
type Mark = readonly [line: number, y: number]

/** Where a line is on the screen. */
function heightOf(page: Page, line: number): number {
  let at = lastBefore(page.blocks.length, at => (page.blocks[at]?.line ?? 0) <= line)
  let [from, to] = around(page, at, ([of]) => of <= line)
  return from[1] + ((line - from[0]) / Math.max(0.001, to[0] - from[0])) * (to[1] - from[1])
}

/** The line that is at a height on the screen. */
function lineAt(page: Page, y: number): number {
  let [from, to] = around(page, blockAt(page, y), ([, top]) => top <= y)
  return Math.max(0, from[0] + ((y - from[1]) / Math.max(0.001, to[1] - from[1])) * (to[0] - from[0]))
}

/** The last block that begins above a height; by its part first, so that few of those out of sight have to be measured. */
function blockAt({ blocks, host, blockOf }: Page, y: number): number {
  let isAbove = (elements: HTMLCollection) => (at: number) => topOf(elements[at]) <= y
  let part = host.children[lastBefore(host.childElementCount, isAbove(host.children))]
  let element = part?.children[lastBefore(part.childElementCount, isAbove(part.children))]
  let block = element && blockOf(element)
  return block ? blocks.indexOf(block) : -1
}

/** The last line marked in a block and before the next that `isBefore` holds for, and the next one below it. */
function around({ blocks, host }: Page, at: number, isBefore: (mark: Mark) => boolean): [Mark, Mark] {
  let block = blocks[at]
  let next = blocks[at + 1]
  let marks: Mark[] = block ? [startOf(block)] : [[0, host.getBoundingClientRect().top]]
  if (block) {
    let inner = innerOf(block.element)
    let mark = (at: number): Mark => [block.line + Number(inner[at]?.dataset.line), topOf(inner[at])]
    let innerAt = lastBefore(inner.length, at => isBefore(mark(at)))
    for (let at of [innerAt, innerAt + 1]) if (inner[at]) marks.push(mark(at))
    marks.push([block.end, block.element.getBoundingClientRect().bottom])
  }
  if (next) marks.push(startOf(next))
  let from = marks[Math.max(0, marks.findLastIndex(isBefore))] ?? [0, 0]
  let to = marks.find(([line, y]) => line > from[0] && y >= from[1])
  return [from, to ?? [from[0] + 1, from[1]]]
}

/** The last of so many things that `isBefore` holds for, which it does for all before it; -1 if for none. */
function lastBefore(length: number, isBefore: (at: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    let middle = (low + high) >> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low - 1
}

function startOf(block: Shown | undefined): Mark {
  return [block?.line ?? 0, topOf(block?.element)]
}

function topOf(element: Element | undefined): number {
  return element?.getBoundingClientRect().top ?? 0
}

const inner = new WeakMap<Element, HTMLElement[]>()

/** What inside of a block knows its line: looked up once, because a list can be long. */
function innerOf(element: HTMLElement): HTMLElement[] {
  let found = inner.get(element) ?? [...element.querySelectorAll<HTMLElement>("[data-line]")]
  inner.set(element, found)
  return found
}
