/**
 * How the pages are built: words filled in, the wasm preloaded, every address absolute.
 * Knows nothing of what the pages do.
 */
import { readFileSync } from "node:fs"
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite"
import { messages } from "./src/messages.ts"
import { filesOf, parts } from "./vite.parts.ts"
import { entryFileNames, shell, WORKER } from "./vite.shell.ts"

/** Where the real server listens while this one serves the pages. */
const LISTEN = process.env.CODRAFT_LISTEN ?? "127.0.0.1:8080"

/** What typing takes: in one file it is a thirtieth smaller than in the pieces that lazy parts would cut it into. */
const TYPING =
  /node_modules\/(@codemirror\/(state|view|language|commands|search)|@lezer\/(common|highlight|markdown)|style-mod|w3c-keyname|crelt|@marijn)\//

export default defineConfig({
  appType: "mpa",
  plugins: [words(), earlyTheme(), wasmPreload(), documentRoute(), parts(), shell()],
  define: { VERSION: JSON.stringify(version()) },
  server: { proxy: { "/ws": { target: `ws://${LISTEN}`, ws: true } } },
  worker: { format: "es" },
  build: {
    target: "es2023",
    // Everything is a file of its own: the pages' policy allows no inline script or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false, resolveDependencies: filesOf },
    rolldownOptions: {
      input: ["index.html", "editor.html", "embed.html", WORKER],
      output: { entryFileNames, codeSplitting: { groups: [{ name: "typing", test: TYPING }] } },
    },
  },
})

/** The version of everything that is built and released together. */
function version(): string {
  let [, found] = /^version = "(.+)"$/m.exec(readFileSync("../Cargo.toml", "utf8")) ?? []
  if (!found) throw new Error("Cargo.toml has no version")
  return found
}

/** Replaces `{{a.b}}` in the pages by that entry of the catalogue. */
function words(): Plugin {
  return {
    name: "words",
    transformIndexHtml: {
      order: "pre",
      handler: html =>
        html.replace(/\{\{([\w.]+)\}\}/g, (_, path: string) => {
          let words = path
            .split(".")
            .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], messages)
          if (typeof words !== "string") throw new Error(`no message is called ${path}`)
          return words.replace(/[&<>"]/g, char => `&#${char.charCodeAt(0)};`)
        }),
    },
  }
}

/** Puts the script that sets the chosen theme before everything else in the head, outside of any module. */
function earlyTheme(): Plugin {
  let source = "src/page/early.js"
  return {
    name: "early-theme",
    buildStart() {
      if (this.environment.mode !== "build") return
      this.emitFile({ type: "asset", name: "early.js", source: readFileSync(source, "utf8") })
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        let built = Object.values(bundle ?? {}).find(
          file => file.type === "asset" && file.names.includes("early.js"),
        )
        return [{ tag: "script", attrs: { src: `/${built?.fileName ?? source}` }, injectTo: "head-prepend" }]
      },
    },
  }
}

/** Lets the browser fetch the wasm beside the script that will ask for it, not after it. */
function wasmPreload(): Plugin {
  return {
    name: "wasm-preload",
    transformIndexHtml: {
      order: "post",
      handler(_html, { path, bundle }) {
        if (!path.endsWith("editor.html") && !path.endsWith("embed.html")) return []
        let files = Object.keys(bundle ?? {}).filter(name => name.endsWith(".wasm"))
        return files.map(
          (name): HtmlTagDescriptor => ({
            tag: "link",
            attrs: {
              rel: "preload",
              as: "fetch",
              type: "application/wasm",
              crossorigin: true,
              href: `/${name}`,
            },
            injectTo: "head",
          }),
        )
      },
    },
  }
}

/** The development server answers `/d/…` with the editor and `/embed/…` with the page for frames, as the real one does. */
function documentRoute(): Plugin {
  return {
    name: "document-route",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (request.url?.startsWith("/d/")) request.url = "/editor.html"
        if (request.url?.startsWith("/embed/")) request.url = "/embed.html"
        next()
      })
    },
  }
}
