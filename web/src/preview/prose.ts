/**
 * How rendered text looks, on the page, on paper and in a file that is taken along.
 * Knows the names of elements and of the page's custom properties, and nothing else.
 */

/** Rules for what is inside of `.prose`. */
export const PROSE = `
.prose {
  font-family: var(--prose);
  font-size: var(--text-size, 1.0625rem);
  line-height: 1.65;
  color: var(--ink);
  overflow-wrap: anywhere;
  text-wrap: pretty;
  hanging-punctuation: first last;
}
.prose *, .prose ::before, .prose ::after { box-sizing: border-box; }
.prose > :first-child:not(.part), .prose > .part:first-child > :first-child { margin-top: 0; }
.prose :where(p, ul, ol, blockquote, figure, .wide, .code, .diagram, .formula.display) { margin: 0 0 1.05em; }
.prose :is(h1, h2, h3, h4, h5, h6) {
  position: relative;
  margin: 1.9em 0 0.6em;
  font-weight: 680;
  line-height: 1.25;
  letter-spacing: -0.011em;
  text-wrap: balance;
}
.prose h1 { font-size: 1.9em; letter-spacing: -0.022em; margin-top: 1.4em; }
.prose h2 { font-size: 1.4em; letter-spacing: -0.016em; }
.prose h3 { font-size: 1.17em; }
.prose h4 { font-size: 1em; }
.prose :is(h5, h6) { font-size: 0.92em; color: var(--ink-soft); }
.prose :is(h1, h2, h3, h4, h5, h6) + :is(h1, h2, h3, h4, h5, h6) { margin-top: 0.8em; }
.prose a { color: var(--accent); text-decoration: underline; text-decoration-thickness: 0.06em; text-underline-offset: 0.16em; }
.prose a:hover { text-decoration-thickness: 0.12em; }
.prose a:focus-visible, .prose :is(button, input):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.prose strong { font-weight: 680; }
.prose s { color: var(--ink-soft); }
.prose :is(ul, ol) { padding-inline-start: 1.6em; }
.prose ul { list-style: disc; }
.prose ul ul { list-style: circle; }
.prose ul ul ul { list-style: square; }
.prose li { margin: 0.22em 0; }
.prose li::marker { color: var(--ink-soft); font-variant-numeric: tabular-nums; }
.prose li > :is(ul, ol) { margin: 0.22em 0; }
.prose li > p { margin-bottom: 0.6em; }
.prose .task { list-style: none; position: relative; }
.prose .task > input[type="checkbox"] {
  appearance: none;
  position: absolute;
  inset-inline-start: -1.5em;
  top: 0.35em;
  width: 1.06em;
  height: 1.06em;
  margin: 0;
  border: 1.5px solid var(--ink-soft);
  border-radius: 0.28em;
  background: var(--paper) center / 100% no-repeat;
  cursor: pointer;
}
.prose .task > input:checked {
  border-color: var(--accent);
  background-color: var(--accent);
}
.prose .task > input:checked::after {
  content: "";
  position: absolute;
  inset: 0.1em 0.31em 0.24em;
  border: solid var(--on-accent);
  border-width: 0 0.14em 0.14em 0;
  rotate: 42deg;
}
.prose .task > input:disabled { cursor: default; opacity: 0.75; }
.prose .done { color: var(--ink-soft); }
.prose blockquote { padding: 0.1em 0 0.1em 1.1em; border-inline-start: 3px solid var(--line-strong); color: var(--ink-soft); }
.prose blockquote[dir="auto"]:dir(rtl) { padding: 0.1em 1.1em 0.1em 0; }
.prose blockquote > :last-child { margin-bottom: 0; }
.prose .alert { --tone: var(--accent); padding: 0.75em 1.1em; border-color: var(--tone); border-radius: 0 8px 8px 0; background: color-mix(in srgb, var(--tone) 7%, transparent); color: var(--ink); }
.prose .alert-title { margin-bottom: 0.25em; color: var(--tone); font-weight: 650; }
.prose :is(.tip) { --tone: var(--good); }
.prose :is(.warning) { --tone: var(--warn, var(--busy)); }
.prose :is(.caution) { --tone: var(--danger); }
.prose hr { height: 0; margin: 2.2em 0; border: 0; border-top: 1px solid var(--line-strong); }
.prose code { padding: 0.12em 0.32em; border-radius: 5px; background: var(--hover); font: 0.875em/1.5 var(--mono); overflow-wrap: anywhere; }
.prose pre { margin: 0; padding: 0.9em 1.1em; overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); font: 0.85em/1.6 var(--mono); tab-size: 4; }
.prose pre code { padding: 0; border-radius: 0; background: none; font: inherit; overflow-wrap: normal; white-space: pre; }
.prose .wide { overflow-x: auto; }
.prose table { border-collapse: collapse; font-size: 0.95em; font-variant-numeric: tabular-nums; }
.prose :is(th, td) { padding: 0.42em 0.85em; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: break-word; }
.prose th { border-bottom-color: var(--line-strong); font-weight: 650; white-space: nowrap; }
.prose :is(th, td):first-child { padding-inline-start: 0.2em; }
.prose .center { text-align: center; }
.prose .right { text-align: end; }
.prose img { max-width: 100%; height: auto; border-radius: 6px; vertical-align: middle; }
.prose .missing { display: inline-flex; flex-wrap: wrap; align-items: baseline; gap: 0.1em 0.7em; max-width: 100%; padding: 0.45em 0.8em; border: 1px dashed var(--line-strong); border-radius: 8px; background: var(--surface); color: var(--ink-soft); font-size: 0.9em; line-height: 1.4; text-decoration: none; }
.prose a.missing .alt { color: var(--accent); text-decoration: underline; text-underline-offset: 0.16em; }
.prose .missing .host { font-size: 0.88em; }
.prose sup { font-size: 0.72em; line-height: 0; }
.prose a.note { padding: 0 0.15em; text-decoration: none; font-weight: 600; }
.prose .footnotes { margin-top: 2.6em; padding-top: 1.1em; border-top: 1px solid var(--line); color: var(--ink-soft); font-size: 0.9em; }
.prose .footnotes p { margin-bottom: 0.3em; }
.prose a.back { text-decoration: none; }
.prose math { font-family: "Cambria Math", "STIX Two Math", "STIXTwoMath-Regular", "Latin Modern Math", "Noto Sans Math", math; font-size: 1.08em; }
.prose math * { border-color: currentColor; }
.prose .formula.display { display: block; overflow-x: auto; overflow-y: hidden; padding: 0.15em 0; text-align: center; }
.prose p > .formula.display { margin: 0.4em 0; }
.prose .formula .wrong { background: color-mix(in srgb, var(--danger) 9%, transparent); color: var(--ink); white-space: pre-wrap; }
.prose .formula .why { margin-inline-start: 0.6em; color: var(--danger); font-size: 0.85em; }
.prose .diagram { text-align: center; }
.prose .diagram pre { text-align: start; }
.prose .diagram img { border-radius: 0; }
.prose .diagram[data-state="drawn"] pre { display: none; }
.prose .diagram[data-state="stale"] pre { display: none; }
.prose .diagram[data-state="stale"] img { opacity: 0.45; }
.prose .trouble { margin: 0.5em 0 0; color: var(--danger); font-size: 0.85em; text-align: start; white-space: pre-line; }
.tok-keyword, .tok-operatorKeyword, .tok-modifier { color: var(--tok-keyword); }
.tok-string, .tok-string2 { color: var(--tok-string); }
.tok-comment, .tok-meta { color: var(--ink-soft); font-style: italic; }
.tok-number, .tok-bool, .tok-atom, .tok-literal { color: var(--tok-number); }
.tok-typeName, .tok-className, .tok-namespace { color: var(--tok-type); }
.tok-variableName.tok-definition, .tok-propertyName.tok-definition { color: var(--tok-name); }
.tok-tagName, .tok-labelName { color: var(--tok-keyword); }
.tok-attributeName, .tok-propertyName { color: var(--tok-name); }
.tok-inserted { color: var(--good); }
.tok-deleted { color: var(--danger); }
.tok-heading, .tok-strong { font-weight: 650; }
.tok-emphasis { font-style: italic; }
`

/** Colours of code, which only rendered text has so far. */
export const TOKENS = `
  --tok-keyword: light-dark(#8a3a5c, #e3a7c0);
  --tok-string: light-dark(#25703a, #8fcf9f);
  --tok-number: light-dark(#8a5300, #e2b979);
  --tok-type: light-dark(#00677a, #7fc7d9);
  --tok-name: light-dark(#2a57b8, #9dbcff);
  --warn: light-dark(#8a5f00, #e0b04c);
`

/** On paper: dark on white, nothing broken in two that need not be, addresses where they are of use. */
export const PAPER = `
@page { margin: 18mm 16mm 20mm; }
.prose { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.5; color: #000; }
.prose :is(h1, h2, h3, h4, h5, h6) { break-after: avoid; break-inside: avoid; }
.prose :is(p, li, blockquote) { orphans: 3; widows: 3; }
.prose :is(pre, tr, img, figure, .formula, .diagram, .alert) { break-inside: avoid; }
.prose pre { overflow: visible; white-space: pre-wrap; }
.prose pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
.prose thead { display: table-header-group; }
.prose .wide { overflow: visible; }
.prose a { color: inherit; }
.prose a[href^="http"]:not(.missing, .bare)::after { content: " (" attr(href) ")"; font-size: 0.8em; word-break: break-all; }
.prose :is(.anchor, .code-bar, a.back) { display: none; }
.prose .diagram.dark img { filter: invert(1) hue-rotate(180deg); }
.prose .task > input { print-color-adjust: exact; }
`
