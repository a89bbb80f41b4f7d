/**
 * How the editor looks, as CodeMirror styles: they travel into the shadow root without a style element.
 * Knows no concrete colour: all come from the page's custom properties, which cross the shadow border.
 */
import { EditorView } from "@codemirror/view"
import { presenceTheme } from "./presence-theme"

/** The look of text, carets and presence. */
export function theme() {
  return [text, presenceTheme, settled]
}

const text = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    overflowX: "hidden",
    fontFamily: "var(--prose)",
    fontSize: "var(--text-size, 1.0625rem)",
    lineHeight: "1.7",
  },
  ".cm-content": {
    boxSizing: "border-box",
    width: "100%",
    maxWidth: "var(--text-width, 46rem)",
    margin: "0 auto",
    padding: "clamp(1.25rem, 5vh, 3.5rem) 0 45vh",
    caretColor: "var(--accent)",
  },
  ".cm-line": { padding: "0 1.5rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--accent)", marginLeft: "-1px" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--line-active)", borderRadius: "4px" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "var(--selection)",
  },
  ".cm-content ::selection": { backgroundColor: "transparent" },
  ".cm-placeholder": { color: "var(--ink-soft)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--match)", borderRadius: "2px" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--danger)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 13%, transparent)" },
  ".cm-specialChar": { color: "var(--danger)" },
})

/** What the settings change: see `preferences.ts`. */
const settled = EditorView.theme({
  "&.cm-unwrapped .cm-scroller": { overflowX: "auto" },
  "&.cm-unwrapped .cm-content": {
    flex: "none",
    width: "auto",
    minWidth: "min(100%, var(--text-width, 46rem))",
    maxWidth: "none",
  },
  "&.cm-unwrapped .cm-content, &.cm-numbered .cm-content": { margin: "0" },
  "&.cm-unwrapped .cm-gutters, &.cm-unwrapped:not(.cm-numbered) .cm-content": {
    marginInlineStart: "max(0px, calc((100% - var(--text-width, 46rem)) / 2))",
  },
  "&.cm-numbered:not(.cm-unwrapped) .cm-scroller": { justifyContent: "center" },
  "&.cm-numbered:not(.cm-unwrapped) .cm-content": { flex: "0 1 var(--text-width, 46rem)" },
  ".cm-panels": { zIndex: "3", backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-gutters": { border: "0", backgroundColor: "var(--paper)", color: "var(--ink-soft)" },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "2.5rem",
    padding: "0 0 0 0.5rem",
    fontVariantNumeric: "tabular-nums",
    fontSize: "0.8em",
    // As high as a line of the text, whose letters are larger.
    lineHeight: "2.125",
  },
  "&.cm-focused .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-highlightSpace": {
    backgroundImage: "radial-gradient(circle at 50% 55%, var(--line-strong) 14%, transparent 16%)",
  },
  ".cm-highlightTab": { opacity: "0.5" },
})
