/**
 * Puts `src/page/fetched.ts` around the imports of lazy parts, in the place of the helper that Vite puts there.
 * Knows the helper's name and shape in Vite, which are checked as the pages are built.
 */
import type { Plugin } from "vite"

const HELPER = "\0vite/preload-helper.js"
const OURS = "/src/page/fetched.ts"

/** The plugin. */
export function parts(): Plugin {
  let isPut = false
  return {
    name: "parts",
    apply: "build",
    enforce: "pre",
    load(id) {
      if (id !== HELPER) return null
      isPut = true
      return `export { fetched as __vitePreload } from ${JSON.stringify(OURS)}`
    },
    generateBundle() {
      if (!isPut) this.error(`Vite has no helper ${HELPER} any more: see vite.parts.ts`)
    },
  }
}

/** The files of a part: Vite leaves out the one that is imported when it is alone. A page brings its own as it is. */
export function filesOf(part: string, others: string[], { hostType }: { hostType: "html" | "js" }): string[] {
  return hostType === "html" ? others : [...new Set([part, ...others])]
}
