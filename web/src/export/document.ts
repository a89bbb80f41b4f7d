/**
 * A whole page that stands alone: everything it needs is in it, and it asks nobody for anything.
 * Knows the look of rendered text.
 */
import { PAPER, PROSE, TOKENS } from "../preview/prose"
import { escaped } from "./html"

/** The colours and letters of the page that the text was taken from. */
const LOOK = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fcfbf8, #17181b);
  --surface: light-dark(#ffffff, #1e2024);
  --ink: light-dark(#24262c, #e6e4df);
  --ink-soft: light-dark(#63666f, #9da0a8);
  --line: light-dark(#e9e6df, #2a2c31);
  --line-strong: light-dark(#d5d1c8, #3c3f46);
  --hover: light-dark(#24262c0d, #ffffff12);
  --accent: light-dark(#2a5fd0, #8db4ff);
  --on-accent: light-dark(#ffffff, #12151c);
  --good: light-dark(#25793f, #67c587);
  --busy: light-dark(#b07d10, #e0b04c);
  --danger: light-dark(#b3261e, #ff9a8d);
  --prose: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", "Roboto Mono", Menlo, Consolas, "Liberation Mono", monospace;
  ${TOKENS}
}
body { margin: 0; background: var(--paper); }
.prose { max-width: 46rem; margin: 0 auto; padding: clamp(1.5rem, 6vh, 4rem) 1.5rem 6rem; }
@media print { :root { color-scheme: light; } body { background: none; } ${PAPER} }
`

/** What such a page may load: pictures that are in it, and nothing else. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

/** The page of a title and the HTML of a text. */
export function pageOf(title: string, html: string): string {
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Codraft">
<title>${escaped(title)}</title>
<style>${LOOK}${PROSE}</style>
</head>
<body>
<article class="prose">
${html}
</article>
</body>
</html>
`
}
