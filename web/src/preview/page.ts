/**
 * The blocks on the page: puts what is new in the place of what is gone, in slices too short to be felt.
 * Knows the answers of the worker, and no editor.
 */
import { Builder } from "./build"
import { Reader } from "./markup"
import type { Answer } from "./worker"

/** How long a slice keeps the page busy: half a frame. */
const SLICE_MS = 8
/** So many blocks make a part of the page; the browser passes over parts that are out of sight as a whole. */
const PART = 64
/** From so many blocks on it does. */
const MANY = 300
/** What a block is taken to be high before it has been seen, in pixels. */
const USUAL_PX = 56

/** A block on the page, and the lines it comes from: its first, and the one after its last. */
export interface Shown {
  readonly element: HTMLElement
  line: number
  end: number
}

/** What a page is told of its surroundings. */
export interface Surroundings {
  /** Whether boxes can be ticked. */
  isReadOnly(): boolean
  /** An element is about to come; `old` says what it comes in the place of. */
  onNew(element: HTMLElement, old: () => ChildNode | null): void
}

/** All blocks, in an element that holds nothing else. */
export class Page {
  blocks: Shown[] = []
  private work: Generator<void, void> | null = null
  private readonly known = new WeakMap<Element, Shown>()

  constructor(
    readonly host: HTMLElement,
    private readonly around: Surroundings,
  ) {}

  /** Shows an answer; resolves when all of it is there. */
  async apply(answer: Answer) {
    let work = this.steps(answer)
    this.work = work
    for (;;) {
      let until = performance.now() + SLICE_MS
      while (performance.now() < until) if (work.next().done) return
      await new Promise(resolve => setTimeout(resolve))
    }
  }

  /** Shows at once what is under way. */
  flush() {
    if (this.work) for (let _ of this.work);
  }

  /** The block that an element on the page is in. */
  readonly blockOf = (element: Element | null): Shown | undefined => {
    while (element && element !== this.host) {
      let block = this.known.get(element)
      if (block) return block
      element = element.parentElement
    }
    return undefined
  }

  private *steps(answer: Answer): Generator<void, void> {
    let old = this.blocks
    let next: Shown[] = []
    let build = this.builder(answer)
    let place = new Place(this.host)
    let isGoing = (here: ChildNode | null) =>
      here instanceof Element && !answer.kept.includes(old.findIndex(({ element }) => element === here))
    this.host.classList.toggle("many", answer.kept.length > MANY)
    for (let [at, from] of answer.kept.entries()) {
      let line = answer.lines[at * 2] ?? 0
      let end = answer.lines[at * 2 + 1] ?? 0
      let block = from < 0 ? undefined : old[from]
      if (block) {
        place.pass(block.element)
        Object.assign(block, { line, end })
        if (at % 500 === 0) yield
      } else {
        let element = yield* build()
        block = { element, line, end }
        this.known.set(element, block)
        let { next: here } = place
        this.around.onNew(element, () => (isGoing(here) ? here : null))
        place.insert(element)
      }
      next.push(block)
      // What is scrolled meanwhile finds what is there so far.
      if (old.length === 0) this.blocks = next
    }
    place.end()
    this.blocks = next
    this.work = null
  }

  /** What builds the new blocks of an answer, the next one each time. */
  private builder({ sizes, ops, text }: Answer): () => Generator<void, HTMLElement> {
    let at = 0
    let opsAt = 0
    let textAt = 0
    let isReadOnly = this.around.isReadOnly()
    return function* () {
      let [opsSize = 0, textSize = 0] = sizes.subarray(at * 2)
      let reader = new Reader({ ops, text }, opsAt, opsAt + opsSize, textAt)
      let builder = new Builder(document.baseURI, isReadOnly)
      while (reader.next(builder)) yield
      at++
      opsAt += opsSize
      textAt += textSize
      return wrapped(builder.root)
    }
  }
}

/** A place that goes through the page from its beginning to its end, and leaves behind only what it has passed. */
class Place {
  private part: Element | null
  private cursor: ChildNode | null

  constructor(private readonly host: HTMLElement) {
    this.part = host.firstElementChild
    this.cursor = this.part?.firstChild ?? null
  }

  /** What is about to be passed or to go; nothing at the end of a part. */
  get next(): ChildNode | null {
    return this.cursor
  }

  /** Goes on behind an element that stays. */
  pass(element: Element) {
    let part = element.parentElement
    if (part !== this.part) {
      clear(this.cursor, null)
      clear(this.part?.nextSibling ?? null, part)
      this.part = part
      this.cursor = part?.firstChild ?? null
    }
    clear(this.cursor, element)
    this.cursor = element.nextSibling
  }

  /** Puts an element here, and goes on behind it. */
  insert(element: Element) {
    let { part } = this
    if (!part || (part.childElementCount >= PART && !this.cursor)) this.part = part = this.newPart()
    part.insertBefore(element, this.cursor)
    if (part.childElementCount > 2 * PART) this.split(part)
  }

  /** Nothing else stays. */
  end() {
    clear(this.cursor, null)
    clear(this.part?.nextSibling ?? null, null)
    for (let part of [...this.host.children]) if (!part.firstChild) part.remove()
  }

  private newPart(): Element {
    let made = document.createElement("div")
    made.className = "part"
    made.style.setProperty("contain-intrinsic-block-size", `auto ${PART * USUAL_PX}px`)
    this.host.insertBefore(made, this.part?.nextSibling ?? null)
    return made
  }

  /** What comes behind becomes a part of its own. */
  private split(part: Element) {
    if (!this.cursor) return
    let rest = this.newPart()
    for (let next: ChildNode | null = this.cursor; next; ) {
      let moved: ChildNode = next
      next = moved.nextSibling
      rest.append(moved)
    }
    // It is met again when the first of it that stays is passed.
    this.part = part
    this.cursor = null
  }
}

/** Removes what stands from `from` up to `to`. */
function clear(from: ChildNode | null, to: ChildNode | null) {
  while (from && from !== to) {
    let next: ChildNode | null = from.nextSibling
    from.remove()
    from = next
  }
}

/** A block is one element. */
function wrapped(root: DocumentFragment): HTMLElement {
  let only = root.firstElementChild
  if (only instanceof HTMLElement && root.childNodes.length === 1) return only
  let made = document.createElement("div")
  made.append(root)
  return made
}
