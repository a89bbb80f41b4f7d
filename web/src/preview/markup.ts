/**
 * Rendered text as numbers and one string: what crosses from the worker to the page, an element at a time, never an object.
 * Knows which elements and attributes there are at all; whatever is not listed here cannot be said. Knows no Markdown.
 */

/** Every element that rendered text can hold. */
export const TAGS = [
  ..."p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr br pre code em strong s a img input".split(" "),
  ..."table thead tbody tr th td sup section div figure span".split(" "),
  ..."math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover".split(
    " ",
  ),
  ..."munderover mmultiscripts mprescripts mtable mtr mtd mstyle mpadded mphantom menclose annotation".split(
    " ",
  ),
] as const

/** The first of them that is MathML's. */
const MATH = TAGS.indexOf("math")

/** Every attribute that an element of it can have. `line`, `task` and `lang` are ours: the page keeps them as data. */
export const ATTRIBUTES = [
  ..."href src alt title class id start checked label line task lang style".split(" "),
  ..."display displaystyle scriptlevel mathvariant stretchy fence separator lspace rspace form accent".split(
    " ",
  ),
  ..."accentunder linethickness rowspacing columnspacing columnalign columnlines rowlines largeop".split(" "),
  ..."movablelimits minsize maxsize symmetric width height depth voffset notation dir".split(" "),
] as const

/** What is between the ends of an element without any. */
const VOID = new Set(["hr", "br", "img", "input"])

const CLOSE = 0
const TEXT = 1
const OPEN = 2

/** A piece of rendered text. */
export interface Markup {
  /** Close; text and its length; open, the element, how many attributes, and of each which it is and its length. */
  readonly ops: ArrayLike<number>
  /** All texts and attributes, one after the other. */
  readonly text: string
}

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** Whether an element is MathML's. */
export function isMath(tag: string): boolean {
  return TAGS.indexOf(tag) >= MATH
}

/** Whether an element never holds anything. */
export function isVoid(tag: string): boolean {
  return VOID.has(tag)
}

/** Writes a piece of rendered text. */
export class Pen {
  private ops: number[] = []
  private text = ""

  /** Opens an element. One that is not listed becomes a `span`; attributes without a value are left out. */
  open(tag: string, attributes: Attributes = {}) {
    let known = TAGS.indexOf(tag)
    let start = this.ops.push(OPEN, known < 0 ? TAGS.indexOf("span") : known, 0)
    for (let [name, value] of Object.entries(attributes)) {
      let attribute = ATTRIBUTES.indexOf(name)
      if (attribute < 0 || value === undefined) continue
      let words = String(value)
      this.ops.push(attribute, words.length)
      this.text += words
      this.ops[start - 1] = (this.ops[start - 1] ?? 0) + 1
    }
  }

  close() {
    this.ops.push(CLOSE)
  }

  write(text: string) {
    if (!text) return
    this.ops.push(TEXT, text.length)
    this.text += text
  }

  /** An element with nothing but a text in it. */
  whole(tag: string, text: string, attributes?: Attributes) {
    this.open(tag, attributes)
    this.write(text)
    this.close()
  }

  /** What was written since the last time. */
  take(): Markup {
    let { ops, text } = this
    this.ops = []
    this.text = ""
    return { ops, text }
  }
}

/** Who makes something of rendered text. */
export interface Maker {
  open(tag: string, attributes: ReadonlyMap<string, string>): void
  close(): void
  write(text: string): void
}

/** Reads rendered text, in as many goes as its reader likes. */
export class Reader {
  private at: number
  private textAt: number

  constructor(
    private readonly markup: Markup,
    at = 0,
    private readonly end = markup.ops.length,
    textAt = 0,
  ) {
    this.at = at
    this.textAt = textAt
  }

  /** Hands the next piece to `maker`; false at the end. */
  next(maker: Maker): boolean {
    if (this.at >= this.end) return false
    let op = this.number()
    if (op === CLOSE) maker.close()
    else if (op === TEXT) maker.write(this.words(this.number()))
    else maker.open(TAGS[this.number()] ?? "span", this.attributes())
    return true
  }

  /** Hands over all there is. */
  all(maker: Maker) {
    while (this.next(maker));
  }

  private attributes(): Map<string, string> {
    let found = new Map<string, string>()
    for (let left = this.number(); left > 0; left--) {
      let name = ATTRIBUTES[this.number()] ?? ""
      found.set(name, this.words(this.number()))
    }
    return found
  }

  private number(): number {
    return this.markup.ops[this.at++] ?? 0
  }

  private words(length: number): string {
    let from = this.textAt
    this.textAt += length
    return this.markup.text.slice(from, this.textAt)
  }
}
