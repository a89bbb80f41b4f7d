/**
 * Draws diagrams, one after the other, in a frame that belongs to no origin: whatever is in a diagram can reach nothing.
 * Knows how to ask that frame; shows nothing itself. An SVG from here is an image's, and must not become markup.
 */
import mermaid from "@mermaid-js/tiny/dist/mermaid.tiny.js?url"
import { messages } from "../messages/preview"
import frameScript from "./diagram-frame.js?url"

/** The first one waits for the whole library. */
const START_MS = 30_000
const DRAW_MS = 8_000
/** So many drawings are remembered. */
const MAX_KEPT = 200

/** What is wrong with a diagram, in words for whoever writes it. */
export class DiagramTrouble extends Error {}

interface Reply {
  readonly id: number
  readonly svg?: string
  readonly trouble?: string
}

const drawn = new Map<string, string>()
let frame: Promise<HTMLIFrameElement> | null = null
let turn: Promise<unknown> = Promise.resolve()
let lastId = 0

/** A drawing that was made before. */
export function drawingKept(text: string, isDark: boolean): string | undefined {
  return drawn.get(keyOf(text, isDark))
}

/** The SVG of a diagram. Fails with a `DiagramTrouble`. */
export function drawing(text: string, isDark: boolean): Promise<string> {
  let mine = turn.then(() => drawingKept(text, isDark) ?? draw(text, isDark))
  turn = mine.catch(() => {})
  return mine
}

function keyOf(text: string, isDark: boolean): string {
  return `${isDark ? "dark" : "light"} ${text}`
}

async function draw(text: string, isDark: boolean): Promise<string> {
  frame ??= openFrame()
  let opened = await frame.catch(error => {
    frame = null
    throw error
  })
  let id = ++lastId
  let reply = replyOf(opened, id, DRAW_MS)
  opened.contentWindow?.postMessage({ id, text, look: isDark ? DARK : LIGHT }, "*")
  let { svg, trouble } = await reply.catch(error => {
    // It may never come back from this one.
    opened.remove()
    frame = null
    throw error
  })
  if (!svg) throw new DiagramTrouble(trouble?.trim() || messages.diagramBlank)
  if (drawn.size >= MAX_KEPT) drawn.clear()
  drawn.set(keyOf(text, isDark), svg)
  return svg
}

/** A frame with the library in it. */
async function openFrame(): Promise<HTMLIFrameElement> {
  let made = document.createElement("iframe")
  made.className = "diagram-frame"
  made.setAttribute("sandbox", "allow-scripts")
  made.setAttribute("aria-hidden", "true")
  made.tabIndex = -1
  let scripts = [frameScript, mermaid].map(
    script => `<script src="${new URL(script, location.href)}"></script>`,
  )
  made.srcdoc = `<!doctype html><body>${scripts.join("")}`
  let ready = replyOf(made, 0, START_MS)
  document.body.append(made)
  await ready.catch(error => {
    made.remove()
    throw error
  })
  return made
}

/** What a frame says under this number. */
function replyOf(frame: HTMLIFrameElement, id: number, patience: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let done = () => {
      clearTimeout(timer)
      window.removeEventListener("message", hear)
    }
    let hear = ({ source, data }: MessageEvent) => {
      if (source !== frame.contentWindow || data?.id !== id) return
      done()
      resolve(data)
    }
    let timer = setTimeout(() => {
      done()
      reject(new DiagramTrouble(messages.diagramSlow))
    }, patience)
    window.addEventListener("message", hear)
  })
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'

const LIGHT = {
  theme: "base",
  fontFamily: FONT,
  themeVariables: {
    fontFamily: FONT,
    background: "#ffffff",
    primaryColor: "#edf2fd",
    primaryBorderColor: "#8eabea",
    primaryTextColor: "#24262c",
    secondaryColor: "#f6f0df",
    secondaryBorderColor: "#d9c68b",
    tertiaryColor: "#f4f3ef",
    tertiaryBorderColor: "#d5d1c8",
    lineColor: "#63666f",
    textColor: "#24262c",
    noteBkgColor: "#fff6d6",
    noteBorderColor: "#e0cb84",
    edgeLabelBackground: "#ffffff",
  },
}

const DARK = {
  theme: "base",
  fontFamily: FONT,
  themeVariables: {
    darkMode: true,
    fontFamily: FONT,
    background: "#17181b",
    primaryColor: "#26324d",
    primaryBorderColor: "#6186cf",
    primaryTextColor: "#e6e4df",
    secondaryColor: "#3a3421",
    secondaryBorderColor: "#8a7a45",
    tertiaryColor: "#26282d",
    tertiaryBorderColor: "#4a4d55",
    lineColor: "#9da0a8",
    textColor: "#e6e4df",
    noteBkgColor: "#3a3421",
    noteTextColor: "#e6e4df",
    noteBorderColor: "#8a7a45",
    edgeLabelBackground: "#17181b",
  },
}
