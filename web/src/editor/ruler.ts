/**
 * How wide the marks before a line's words are in the editor's font.
 * Knows the font and remembers what it has measured; it makes the page lay nothing out.
 */
import type { EditorView } from "@codemirror/view"

/** Marks are few; this many different ones are a text that is no list. */
const REMEMBERED = 500
const TAB = 4
const BOX = /\[[ xX]\]/
/** How large the even letters are beside the others, as `looks-theme.ts` has it. */
const EVEN_SIZE = 0.9

/** Measures texts as the editor of a view writes them. */
export class Ruler {
  private readonly pen = document.createElement("canvas").getContext("2d")
  private widths = new Map<string, number>()
  private font = ""
  /**
   * A task's box stands in a font whose letters have one width, for a tick must move no words; so does the space that
   * nests an item, for in others it is too narrow to be seen.
   */
  private evenFont = ""

  constructor(private readonly view: EditorView) {
    this.isStale()
  }

  /** Whether the font has become another since this was asked last: then all widths are new. */
  isStale(): boolean {
    let style = getComputedStyle(this.view.contentDOM)
    let font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
    if (font === this.font) return false
    this.font = font
    this.evenFont = `${Number.parseFloat(style.fontSize) * EVEN_SIZE}px ${style.getPropertyValue("--mono")}`
    this.widths.clear()
    return true
  }

  /** The width of a text in pixels. */
  width(text: string): number {
    if (!text || !this.pen) return 0
    let width = this.widths.get(text)
    if (width !== undefined) return width
    if (this.widths.size > REMEMBERED) this.widths.clear()
    let [, indent = "", rest = ""] = /^(\s*)(.*)$/.exec(text) ?? []
    let box = BOX.exec(rest)?.[0] ?? ""
    width =
      this.measure(rest.replace(BOX, ""), this.font, this.pen) +
      this.measure(indent + box, this.evenFont, this.pen)
    width = Math.round(width * 100) / 100
    this.widths.set(text, width)
    return width
  }

  /** A tab reaches to the next stop, which are so many spaces apart. */
  private measure(text: string, font: string, pen: CanvasRenderingContext2D): number {
    pen.font = font
    let [first = "", ...rest] = text.split("\t")
    let stop = TAB * pen.measureText(" ").width
    let width = pen.measureText(first).width
    for (let part of rest) width = (Math.floor(width / stop) + 1) * stop + pen.measureText(part).width
    return width
  }
}
