/**
 * Builds elements from rendered text, one at a time, without ever parsing markup: what is not made here is not there.
 * Knows which addresses may be followed through `addresses.ts`; hears no events.
 */
import { messages } from "../messages/preview"
import { imageTarget, linkTarget } from "./addresses"
import { isMath, type Maker } from "./markup"
import { stylesOf } from "./styles"

const MATH = "http://www.w3.org/1998/Math/MathML"
/** Kept as data of the element, and not as an attribute of this name. */
const DATA = ["line", "task", "lang"]
const HEADING = /^h[1-6]$/

/** Builds below a fragment; `done` is called with it when everything was closed. */
export class Builder implements Maker {
  readonly root = document.createDocumentFragment()
  private at: Node = this.root

  /** `page` is the address of the page; `isReadOnly` whether boxes can be ticked. */
  constructor(
    private readonly page: string,
    private readonly isReadOnly: boolean,
  ) {}

  open(tag: string, attributes: ReadonlyMap<string, string>) {
    let made = this.make(tag, attributes)
    this.at.appendChild(made)
    this.at = made
  }

  close() {
    let { at } = this
    if (at instanceof HTMLElement) finish(at)
    this.at = at.parentNode ?? this.root
  }

  write(text: string) {
    this.at.appendChild(document.createTextNode(text))
  }

  private make(tag: string, attributes: ReadonlyMap<string, string>): Element {
    if (tag === "a") return link(attributes, this.page)
    if (tag === "img") return image(attributes, this.page)
    if (tag === "input") return box(attributes, this.isReadOnly)
    let made = isMath(tag) ? document.createElementNS(MATH, tag) : document.createElement(tag)
    give(made, attributes)
    return made
  }
}

/** Gives an element attributes that lead nowhere. */
function give(element: HTMLElement | MathMLElement | Element, attributes: ReadonlyMap<string, string>) {
  for (let [name, value] of attributes) {
    if (DATA.includes(name)) (element as HTMLElement).dataset[name] = value
    else if (name === "style") dress(element as HTMLElement, value)
    else if (name !== "href" && name !== "src") element.setAttribute(name, value)
  }
}

/** Through the CSSOM: the page's policy allows no style attribute. */
function dress({ style }: HTMLElement, written: string) {
  for (let [name, value] of stylesOf(written)) style.setProperty(name, value)
}

function link(attributes: ReadonlyMap<string, string>, page: string): HTMLElement {
  let target = linkTarget(attributes.get("href") ?? "", page)
  if (target === null) return document.createElement("span")
  let made = document.createElement("a")
  give(made, attributes)
  made.href = target
  if (target.startsWith("#")) return made
  made.target = "_blank"
  made.rel = "noopener noreferrer nofollow"
  return made
}

function image(attributes: ReadonlyMap<string, string>, page: string): HTMLElement {
  let target = imageTarget(attributes.get("src") ?? "", page)
  let alt = attributes.get("alt") ?? ""
  if (target.kind === "foreign") return foreign(alt, target.address, target.host)
  if (target.kind === "uploading") return label("span", "missing uploading", messages.uploading(alt))
  if (target.kind === "none") return label("span", "missing", alt || messages.image)
  let made = document.createElement("img")
  made.alt = alt
  made.loading = "lazy"
  made.decoding = "async"
  if (attributes.has("title")) made.title = attributes.get("title") ?? ""
  made.src = target.address
  return made
}

/** In the place of somebody else's image: whoever runs that server would learn who reads this text, and when. */
function foreign(alt: string, address: string, host: string): HTMLElement {
  let made = label("a", "missing foreign", "")
  made.setAttribute("href", address)
  made.setAttribute("target", "_blank")
  made.setAttribute("rel", "noopener noreferrer nofollow")
  made.title = messages.foreignWhy
  made.append(label("span", "alt", alt || messages.image), label("span", "host", messages.foreignImage(host)))
  made.append(label("span", "unseen", `, ${messages.newTab}`))
  return made
}

function box(attributes: ReadonlyMap<string, string>, isReadOnly: boolean): HTMLElement {
  let made = document.createElement("input")
  made.type = "checkbox"
  made.checked = attributes.has("checked")
  made.disabled = isReadOnly
  made.dataset.task = attributes.get("task") ?? ""
  made.setAttribute("aria-label", attributes.get("label") ?? "")
  return made
}

/** What an element gets once all of it is there. */
function finish(element: HTMLElement) {
  if (HEADING.test(element.localName) && element.id) element.append(anchor(element.id))
  else if (element.localName === "div" && element.className === "code") element.append(copyButton(element))
}

/** For the mouse only: to a screen reader it would be a part of the heading. */
function anchor(id: string): HTMLElement {
  let made = label("a", "anchor", "#")
  made.setAttribute("href", `#${id}`)
  made.setAttribute("aria-hidden", "true")
  made.tabIndex = -1
  return made
}

function copyButton({ dataset }: HTMLElement): HTMLElement {
  let bar = label("div", "code-bar", "")
  if (dataset.lang) bar.append(label("span", "code-lang", dataset.lang))
  let button = label("button", "copy", messages.copy)
  button.setAttribute("type", "button")
  button.setAttribute("aria-label", messages.copyCode)
  bar.append(button)
  return bar
}

function label(tag: string, name: string, text: string): HTMLElement {
  let made = document.createElement(tag)
  made.className = name
  made.textContent = text
  return made
}
