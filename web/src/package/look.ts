/**
 * How an embedded editor is laid out, and how its text differs from that of Codraft's page: no taller than it has to be.
 * Knows the parts by name.
 */
import { EditorView } from "@codemirror/view"
import { sheetOf } from "./base"
import { tokens } from "./tokens"

/** The look of the element, in a shadow root of its own. */
export const shadowLook = sheetOf(() => css(":host", selector => `:host(${selector})`))

/** The same for elements without one, for all of a page or of another element's root. */
export const lightLook = sheetOf(() =>
  css("codraft-editor[no-shadow]", selector => `codraft-editor[no-shadow]${selector}`),
)

/** The look of the text. */
export const textLook = EditorView.theme({
  ".cm-content": { padding: "1rem 0", minHeight: "6em" },
  ".cm-line": { padding: "0 1rem" },
  "&.cm-editor": { minHeight: "6em" },
})

function css(host: string, hostThat: (selector: string) => string): string {
  return `
${host} {
  ${tokens}
  display: flex;
  position: relative;
  flex-direction: column;
  box-sizing: border-box;
  min-width: 0;
  overflow: hidden;
  border: 1px solid var(--line-strong);
  border-radius: 8px;
  background: var(--paper);
  color: var(--ink);
  font: 0.9375rem/1.5 var(--ui);
  text-align: start;
  color-scheme: light dark;
  --text-end: 1.5rem;
}
${hostThat("[hidden]")} { display: none; }
${hostThat('[theme="light"]')} { color-scheme: light; }
${hostThat('[theme="dark"]')} { color-scheme: dark; }
${hostThat("[disabled]")} { opacity: 0.6; }
${hostThat(":focus-within")} { border-color: var(--accent); }
${host} .codraft-above { display: flex; align-items: center; gap: 0.5rem; border-bottom: 1px solid var(--line); }
${host} .codraft-above codraft-presence { margin: 0.25rem 0.5rem; }
${host} .codraft-above codraft-toolbar { flex: 1; min-width: 0; }
${hostThat('[mode="read"]')} codraft-toolbar { display: none; }
${host} .codraft-above:not(:has(:not([hidden]))) { display: none; }
${host} .codraft-views { display: flex; flex: 1 1 auto; min-height: 0; }
${host} .codraft-text { display: flex; position: relative; flex: 1; flex-direction: column; min-width: 0; min-height: 0; }
${host} .codraft-text > .cm-editor { flex: 1; min-height: 0; }
${host} .codraft-views codraft-preview { flex: 1; min-width: 0; min-height: 8rem; border-inline-start: 1px solid var(--line); }
${host} .codraft-views[data-mode="read"] .codraft-text,
${host} .codraft-views:not([data-mode="split"], [data-mode="read"]) codraft-preview { display: none; }
${host} .codraft-views[data-mode="read"] codraft-preview { border: 0; }
${host} .codraft-foot { display: flex; align-items: center; justify-content: space-between; gap: 0.5rem; min-height: 1.75rem; padding: 0 0.75rem; border-top: 1px solid var(--line); }
${host} .codraft-failed { margin: 0; padding: 1rem; color: var(--danger); overflow-wrap: anywhere; }
@media (forced-colors: active) { ${hostThat(":focus-within")} { outline: 2px solid Highlight; } }
`
}
