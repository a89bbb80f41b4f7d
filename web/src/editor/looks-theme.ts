/**
 * The looks of Markdown's blocks as CodeMirror styles.
 * Knows no concrete colour: all come from the page's custom properties.
 */
import { EditorView } from "@codemirror/view"

/** Where a quote's bar stands, in the space beside the words. */
const BAR = "0.75rem"

export const looksTheme = EditorView.theme({
  // No deeper than a narrow screen can bear.
  ".cm-line.cm-hang": {
    "--hung": "min(var(--hang), 40vw)",
    paddingInlineStart: "calc(1.5rem + var(--hung))",
    textIndent: "calc(-1 * var(--hung))",
  },
  ".cm-fence": {
    backgroundColor: "var(--hover)",
    fontFamily: "var(--mono)",
    fontSize: "0.9em",
    lineHeight: "1.6",
  },
  ".cm-fence span": { fontSize: "inherit" },
  ".cm-fenceFirst": {
    borderStartStartRadius: "8px",
    borderStartEndRadius: "8px",
    paddingBlockStart: "0.25rem",
  },
  ".cm-fenceLast": { borderEndStartRadius: "8px", borderEndEndRadius: "8px", paddingBlockEnd: "0.25rem" },
  "&.cm-focused .cm-activeLine.cm-fence": {
    backgroundColor: "color-mix(in srgb, var(--ink) 8%, transparent)",
    borderRadius: "0",
  },
  "&.cm-focused .cm-activeLine.cm-fenceFirst": { borderRadius: "8px 8px 0 0" },
  "&.cm-focused .cm-activeLine.cm-fenceLast": { borderRadius: "0 0 8px 8px" },
  "&.cm-focused .cm-activeLine.cm-fenceFirst.cm-fenceLast": { borderRadius: "8px" },
  ".cm-table": { fontFamily: "var(--mono)", fontSize: "0.875em", lineHeight: "1.75" },
  ".cm-table span": { fontSize: "inherit" },
  ".cm-quote": {
    backgroundImage: "linear-gradient(var(--line-strong), var(--line-strong))",
    backgroundRepeat: "no-repeat",
    backgroundSize: "3px 100%",
    backgroundPosition: `${BAR} 0`,
  },
  ".cm-quote[dir=rtl]": { backgroundPosition: `right ${BAR} top 0` },
  ".cm-inlineCode": {
    color: "var(--code)",
    backgroundColor: "var(--hover)",
    borderRadius: "3px",
  },
  ".cm-indent": { fontFamily: "var(--mono)", fontSize: "0.9em" },
  ".cm-task": { position: "relative", cursor: "pointer" },
  ".cm-task, .cm-task span": { color: "transparent" },
  ".cm-task::before": {
    content: "''",
    position: "absolute",
    inset: "0",
    margin: "auto",
    width: "1.05em",
    height: "1.05em",
    boxSizing: "border-box",
    border: "1.5px solid var(--ink-soft)",
    borderRadius: "4px",
    backgroundColor: "var(--surface)",
  },
  // What can be hit with a finger is larger than what is seen.
  ".cm-task::after": { content: "''", position: "absolute", inset: "-0.4em -0.5em" },
  ".cm-task:hover::before": { borderColor: "var(--accent)" },
  ".cm-task.cm-ticked::before": {
    borderColor: "var(--accent)",
    background: "linear-gradient(var(--on-accent), var(--on-accent)) no-repeat, var(--accent)",
    backgroundSize: "0 0, auto",
  },
  ".cm-task.cm-ticked::after": {
    inset: "0 0 0.12em",
    margin: "auto",
    width: "0.34em",
    height: "0.64em",
    border: "solid var(--on-accent)",
    borderWidth: "0 2px 2px 0",
    transform: "rotate(42deg)",
  },
  ".cm-mayFollow .cm-address": { cursor: "pointer", textDecoration: "underline" },
  "@media (forced-colors: active)": {
    ".cm-task, .cm-task span": { color: "CanvasText" },
    ".cm-task::before, .cm-task::after": { display: "none" },
  },
})
