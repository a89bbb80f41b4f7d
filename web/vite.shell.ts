/**
 * What makes an app of the pages: the service worker with the list of its release's files, the manifest and its icons.
 * Knows the files of a bundle, and nothing of what is in them.
 */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite"
import { messages } from "./src/messages.ts"

/** The worker's source and its name in the bundle. It lies at the top: a worker rules over the folder it lies in. */
export const WORKER = "src/sw.ts"
const WORKER_FILE = "sw.js"

/** The pages' files, and the addresses under which the worker keeps them: `src/sw.ts` has the same. */
const PAGES = { "index.html": "/", "editor.html": "/d/_" }

const ICONS = [
  { file: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
  { file: "icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
  { file: "icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
  { file: "icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
]
const APPLE_ICON = "icon-180.png"

/** Larger files are kept by those who have used them: nobody is to load them for nothing. */
const LARGEST_BYTES = 512 * 1024

/** A page's own script has another name in each release that changes it. */
const OWN_SCRIPT = /<script type="module"[^>]*\ssrc="(\/assets\/[^"]+)"/

type Bundle = Rolldown.OutputBundle

/** Names of what is loaded first: everything has its hash but the worker. */
export function entryFileNames({ name }: { name: string }): string {
  return name === "sw" ? WORKER_FILE : "assets/[name]-[hash].js"
}

/** Adds the worker, the manifest and the icons to a build. */
export function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    enforce: "post",
    buildStart() {
      for (let { file } of ICONS.slice(1)) this.emitFile(asset(file))
      this.emitFile(asset(APPLE_ICON))
      this.emitFile({ type: "asset", fileName: "favicon.svg", source: readFileSync("src/icon.svg") })
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) => [
        link({ rel: "manifest", href: "/manifest.webmanifest" }),
        link({ rel: "apple-touch-icon", href: addressOf(bundle ?? {}, APPLE_ICON) }),
      ],
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        let source = JSON.stringify(manifest(bundle), null, 2)
        this.emitFile({ type: "asset", fileName: "manifest.webmanifest", source })
        let worker = bundle[WORKER_FILE]
        if (worker?.type !== "chunk" || !worker.code.includes("__SHELL__"))
          throw new Error("the service worker does not ask for the files of its release")
        worker.code = worker.code.replace("__SHELL__", () => JSON.stringify(filesOf(bundle)))
      },
    },
  }
}

function asset(file: string) {
  return { type: "asset", name: file, source: readFileSync(`src/icons/${file}`) } as const
}

function link(attrs: Record<string, string>): HtmlTagDescriptor {
  return { tag: "link", attrs, injectTo: "head" }
}

function addressOf(bundle: Bundle, file: string): string {
  let built = Object.values(bundle).find(made => made.type === "asset" && made.names.includes(file))
  if (!built) throw new Error(`the bundle has no ${file}`)
  return `/${built.fileName}`
}

function manifest(bundle: Bundle) {
  return {
    id: "/",
    name: messages.product,
    short_name: messages.product,
    description: messages.start.lead,
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#fcfbf8",
    theme_color: "#fcfbf8",
    icons: ICONS.map(({ file, ...icon }) => ({ src: addressOf(bundle, file), ...icon })),
  }
}

/** The files of a release: those that the pages name, with what these import, come first. */
function filesOf(bundle: Bundle) {
  let pages = Object.entries(PAGES).map(([file, address]) => [address, htmlOf(bundle, file)] as const)
  let named = pages.flatMap(([, html]) =>
    [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, name]) => name),
  )
  let first = new Set(named.filter(name => name !== undefined))
  for (let name of first) {
    let file = bundle[name]
    if (file?.type === "chunk") for (let imported of file.imports) first.add(imported)
  }
  let all = Object.keys(bundle).filter(
    name => name.startsWith("assets/") && sizeOf(bundle[name]) < LARGEST_BYTES,
  )
  let marks = pages.map(([address, html]) => [address, OWN_SCRIPT.exec(html)?.[1]])
  let files = {
    pages: Object.fromEntries(marks),
    first: [...first].sort().map(name => `/${name}`),
    later: all
      .filter(name => !first.has(name))
      .sort()
      .map(name => `/${name}`),
  }
  let html = pages.map(([, html]) => html)
  return {
    release: createHash("sha256")
      .update(JSON.stringify([files, html]))
      .digest("hex")
      .slice(0, 12),
    ...files,
  }
}

function sizeOf(file: Bundle[string] | undefined): number {
  return file?.type === "chunk" ? file.code.length : (file?.source.length ?? 0)
}

function htmlOf(bundle: Bundle, file: string): string {
  let page = bundle[file]
  if (page?.type !== "asset") throw new Error(`the bundle has no ${file}`)
  return String(page.source)
}
