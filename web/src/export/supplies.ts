/**
 * Brings what a text that leaves the page has to have with it: its images, its diagrams, the colours of its code.
 * Knows the page it is taken from.
 */
import { diagramAlt } from "../preview/rich"
import { escaped, type Supplier } from "./html"

/** What a file or the clipboard needs. */
export function supplier(isForClipboard: boolean): Supplier {
  return { page: location.href, isForClipboard, image, code, diagram }
}

async function image(address: string): Promise<string | null> {
  try {
    let answer = await fetch(address)
    let body = answer.ok ? await answer.blob() : null
    return body?.type.startsWith("image/") ? await dataAddress(body) : null
  } catch {
    return null
  }
}

async function code(text: string, language: string): Promise<string> {
  let { coloured } = await import("../preview/code")
  let pieces = language ? await coloured(text, language).catch(() => null) : null
  if (!pieces) return escaped(text)
  return pieces
    .map(({ text, name }) =>
      name ? `<span class="${escaped(name)}">${escaped(text)}</span>` : escaped(text),
    )
    .join("")
}

async function diagram(text: string): Promise<{ address: string; alt: string } | null> {
  try {
    let { drawing } = await import("../preview/diagrams")
    let svg = await drawing(text, false)
    return {
      address: await dataAddress(new Blob([svg], { type: "image/svg+xml" })),
      alt: diagramAlt(svg, text),
    }
  } catch {
    return null
  }
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    let reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
