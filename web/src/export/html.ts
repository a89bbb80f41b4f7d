/**
 * Rendered text as HTML in a string, for a file or the clipboard.
 * Knows which addresses may be followed through `addresses.ts`; what has to be fetched or drawn is asked of others.
 */
import { messages } from "../messages/preview"
import { imageTarget, linkTarget } from "../preview/addresses"
import { isVoid, type Maker, type Markup, Reader } from "../preview/markup"
import { stylesOf } from "../preview/styles"

/** Who brings what a text does not hold itself. */
export interface Supplier {
  /** The address of the page that the text's own addresses are relative to. */
  readonly page: string
  /** Whether it is for other programs, which know elements but none of our styles. */
  readonly isForClipboard: boolean
  /** One of the document's own images as a `data:` address; nothing if it cannot be had. */
  image(address: string): Promise<string | null>
  /** Coloured code, as HTML. */
  code(text: string, language: string): Promise<string>
  /** A diagram as an image; nothing if it cannot be drawn. */
  diagram(text: string): Promise<{ address: string; alt: string } | null>
}

/** The HTML of a piece of rendered text. */
export async function htmlOf(markup: Markup, supplier: Supplier): Promise<string> {
  let maker = new HtmlMaker(supplier)
  new Reader(markup).all(maker)
  return (await Promise.all(maker.parts)).join("")
}

/** A text where markup is meant literally. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`)
}

const OURS = ["line", "task", "lang", "label", "href", "src", "style"]

class HtmlMaker implements Maker {
  readonly parts: (string | Promise<string>)[] = []
  private readonly open_: string[] = []
  /** Code whose end is not reached yet. */
  private held: { depth: number; text: string; language: string; isDiagram: boolean } | null = null

  constructor(private readonly supplier: Supplier) {}

  open(tag: string, attributes: ReadonlyMap<string, string>) {
    this.open_.push(tag)
    if (this.held) return
    let kind = tag === "div" ? attributes.get("class") : ""
    if (kind === "code" || kind === "diagram") {
      let language = attributes.get("lang") ?? ""
      this.held = { depth: this.open_.length, text: "", language, isDiagram: kind === "diagram" }
    } else if (tag === "img") this.parts.push(this.image(attributes))
    else if (tag === "input") this.parts.push(this.box(attributes))
    else if (tag === "a") this.link(attributes)
    else this.parts.push(`<${tag}${this.attributes(attributes)}>`)
  }

  close() {
    let { held } = this
    let depth = this.open_.length
    let tag = this.open_.pop() ?? ""
    if (held && depth > held.depth) return
    this.held = null
    if (held) this.parts.push(held.isDiagram ? this.diagram(held.text) : this.code(held.text, held.language))
    else if (!isVoid(tag)) this.parts.push(`</${tag}>`)
  }

  write(text: string) {
    if (this.held) this.held.text += text
    else this.parts.push(escaped(text))
  }

  private attributes(attributes: ReadonlyMap<string, string>): string {
    let { isForClipboard } = this.supplier
    let plain = [...attributes].filter(
      ([name]) => !OURS.includes(name) && !(isForClipboard && name === "class"),
    )
    let styles = stylesOf(attributes.get("style") ?? "").map(pair => pair.join(":"))
    let all = styles.length ? [...plain, ["style", styles.join(";")]] : plain
    return all.map(([name, value = ""]) => ` ${name}="${escaped(value)}"`).join("")
  }

  private link(attributes: ReadonlyMap<string, string>) {
    let target = linkTarget(attributes.get("href") ?? "", this.supplier.page)
    if (target === null) {
      this.open_.splice(-1, 1, "span")
      this.parts.push("<span>")
      return
    }
    let away = target.startsWith("#") ? "" : ` rel="noopener noreferrer nofollow"`
    this.parts.push(`<a href="${escaped(target)}"${away}${this.attributes(attributes)}>`)
  }

  private async image(attributes: ReadonlyMap<string, string>): Promise<string> {
    let { supplier } = this
    let alt = attributes.get("alt") ?? ""
    let target = imageTarget(attributes.get("src") ?? "", supplier.page)
    if (target.kind === "foreign") return foreign(alt || messages.image, target.address, target.host)
    let own = target.kind === "own" ? await supplier.image(target.address) : null
    let address = target.kind === "inline" ? target.address : own
    return address ? `<img src="${escaped(address)}" alt="${escaped(alt)}">` : escaped(alt)
  }

  private box(attributes: ReadonlyMap<string, string>): string {
    let isDone = attributes.has("checked")
    if (this.supplier.isForClipboard) return isDone ? "☑ " : "☐ "
    let label = escaped(attributes.get("label") ?? "")
    return `<input type="checkbox" disabled${isDone ? " checked" : ""} aria-label="${label}">`
  }

  private async code(text: string, language: string): Promise<string> {
    let inside = this.supplier.isForClipboard ? escaped(text) : await this.supplier.code(text, language)
    return `<div class="code"><pre><code>${inside}</code></pre></div>`
  }

  private async diagram(text: string): Promise<string> {
    let drawn = await this.supplier.diagram(text)
    if (!drawn) return this.code(text, "")
    return `<div class="diagram"><img src="${escaped(drawn.address)}" alt="${escaped(drawn.alt)}"></div>`
  }
}

function foreign(alt: string, address: string, host: string): string {
  let rel = `rel="noopener noreferrer nofollow"`
  let words = `<span class="alt">${escaped(alt)}</span> <span class="host">${escaped(messages.foreignImage(host))}</span>`
  return `<a class="missing foreign" href="${escaped(address)}" ${rel}>${words}</a>`
}
