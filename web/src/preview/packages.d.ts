/** Packages that bring no types of their own, as far as they are used here. */
declare module "markdown-it-footnote" {
  import type { MarkdownIt } from "markdown-it"

  export default function footnotes(md: MarkdownIt): void
}

declare module "@mermaid-js/tiny/dist/mermaid.tiny.js?url" {
  const address: string
  export default address
}
