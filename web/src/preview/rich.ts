/**
 * What a page gets after its words, and only where somebody looks: colours in code, and diagrams.
 * Knows neither where the words come from nor who reads them; each part loads what it needs.
 */
import { messages } from "../messages/preview"

/** How far outside of the window the work begins, in pixels. */
const AHEAD = "800px"
/** Longer code keeps one colour. */
const MAX_CODE = 40_000

/** The parts of one page that come later. */
export class Enrichment {
  private readonly observer: IntersectionObserver
  private readonly done = new WeakMap<Element, Promise<void>>()

  constructor(
    root: HTMLElement,
    private readonly page: HTMLElement,
  ) {
    let seen = (entries: IntersectionObserverEntry[]) => {
      for (let { isIntersecting, target } of entries) if (isIntersecting) this.enrich(target as HTMLElement)
    }
    this.observer = new IntersectionObserver(seen, { root, rootMargin: AHEAD })
    let redraw = () => this.redraw()
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw)
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] })
  }

  /** An element is about to come; `old` says in the place of what. */
  took(element: HTMLElement, old: () => ChildNode | null) {
    for (let part of partsOf(element)) {
      if (part === element && isDiagram(part)) keepDrawing(part, old())
      this.observer.observe(part)
    }
  }

  /** Resolves when everything is there, seen or not. */
  async all() {
    await Promise.all(partsOf(this.page).map(part => this.enrich(part)))
  }

  private enrich(part: HTMLElement): Promise<void> {
    this.observer.unobserve(part)
    let work = this.done.get(part) ?? (isDiagram(part) ? drawDiagram(part) : colour(part))
    this.done.set(part, work)
    return work
  }

  private redraw() {
    for (let part of partsOf(this.page)) {
      if (!isDiagram(part)) continue
      this.done.delete(part)
      this.observer.observe(part)
    }
  }
}

function partsOf(element: HTMLElement): HTMLElement[] {
  let selector = ".code[data-lang], .diagram"
  let inside = [...element.querySelectorAll<HTMLElement>(selector)]
  return element.matches(selector) ? [element, ...inside] : inside
}

function isDiagram(part: HTMLElement): boolean {
  return part.classList.contains("diagram")
}

/** Whether the page is dark now, whoever has chosen that. */
function isDark(): boolean {
  return getComputedStyle(document.documentElement).colorScheme === "dark" || prefersDark()
}

function prefersDark(): boolean {
  let { theme } = document.documentElement.dataset
  return theme !== "light" && theme !== "dark" && matchMedia("(prefers-color-scheme: dark)").matches
}

async function colour(part: HTMLElement) {
  let code = part.querySelector("code")
  let text = code?.textContent ?? ""
  if (!code || text.length > MAX_CODE) return
  try {
    let { coloured } = await import("./code")
    let pieces = await coloured(text, part.dataset.lang ?? "")
    if (pieces) code.replaceChildren(...pieces.map(({ text, name }) => (name ? piece(text, name) : text)))
  } catch (error) {
    console.warn("code could not be coloured:", error)
  }
}

function piece(text: string, name: string): HTMLElement {
  let made = document.createElement("span")
  made.className = name
  made.textContent = text
  return made
}

/** What was drawn of an earlier version stays until there is something better. */
function keepDrawing(part: HTMLElement, old: ChildNode | null) {
  let image = old instanceof HTMLElement && isDiagram(old) && old.querySelector("img")
  if (!image) return
  part.prepend(image)
  part.dataset.state = "stale"
}

async function drawDiagram(part: HTMLElement) {
  let text = part.querySelector("code")?.textContent ?? ""
  part.dataset.state ??= "waiting"
  try {
    let { drawing } = await import("./diagrams")
    let dark = isDark()
    showDrawing(part, await drawing(text, dark), text)
    part.classList.toggle("dark", dark)
  } catch (error) {
    let words = error instanceof Error ? error.message : String(error)
    part.dataset.state = part.querySelector("img") ? "stale" : "failed"
    let trouble = part.querySelector(".trouble") ?? document.createElement("p")
    trouble.className = "trouble"
    trouble.textContent = `${messages.diagramFailed} ${words}`
    part.append(trouble)
  }
}

async function showDrawing(part: HTMLElement, svg: string, text: string) {
  let image = document.createElement("img")
  let address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }))
  image.alt = diagramAlt(svg, text)
  image.src = address
  // Decoded before it takes the place of the last one, so that nothing flickers.
  await image.decode().catch(() => {})
  URL.revokeObjectURL(address)
  part.querySelector("img")?.remove()
  part.querySelector(".trouble")?.remove()
  part.prepend(image)
  part.dataset.state = "drawn"
}

const MAX_ALT = 400

/** The title its writer gave it, or what it is drawn from. */
export function diagramAlt(svg: string, text: string): string {
  let [, title] = /<title[^>]*>([^<]+)<\/title>/.exec(svg) ?? []
  return `${messages.diagram}: ${title || text.replace(/\s+/g, " ").slice(0, MAX_ALT)}`
}
