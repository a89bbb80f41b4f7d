/**
 * Colours, letters and measures of an embedded editor, each of which a page can set as `--codraft-NAME`.
 * Knows no element. The values are those of Codraft's page (`styles/base.css`), which a test compares.
 */

/** What is used where a page sets nothing, by the name behind `--codraft-`. */
export const TOKENS: Readonly<Record<string, string>> = {
  paper: "light-dark(#fcfbf8, #17181b)",
  surface: "light-dark(#ffffff, #1e2024)",
  ink: "light-dark(#24262c, #e6e4df)",
  "ink-soft": "light-dark(#63666f, #9da0a8)",
  line: "light-dark(#e9e6df, #2a2c31)",
  "line-strong": "light-dark(#d5d1c8, #3c3f46)",
  "line-active": "light-dark(#24262c06, #ffffff07)",
  hover: "light-dark(#24262c0d, #ffffff12)",
  accent: "light-dark(#2a5fd0, #8db4ff)",
  "on-accent": "light-dark(#ffffff, #12151c)",
  selection: "light-dark(#cfe0ff, #2f4470)",
  match: "light-dark(#ffe9a8, #5a4a17)",
  "match-strong": "light-dark(#ffd25e, #8a6d12)",
  code: "light-dark(#8a3a5c, #e3a7c0)",
  good: "light-dark(#25793f, #67c587)",
  busy: "light-dark(#b07d10, #e0b04c)",
  danger: "light-dark(#b3261e, #ff9a8d)",
  shadow: "light-dark(0 8px 30px #24262c1f, 0 8px 30px #00000080)",
  ui: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif',
  serif: 'ui-serif, "Iowan Old Style", Charter, "Source Serif 4", Georgia, "Liberation Serif", serif',
  mono: 'ui-monospace, "SF Mono", "Cascadia Code", "Roboto Mono", Menlo, Consolas, "Liberation Mono", monospace',
  prose: "var(--ui)",
  "text-size": "1rem",
  "text-width": "46rem",
}

/** Declarations that bring them into what is inside. */
export const tokens = Object.entries(TOKENS)
  .map(([name, value]) => `--${name}: var(--codraft-${name}, ${value});`)
  .join("\n")
