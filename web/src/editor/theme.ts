/**
 * How the editor looks, as CodeMirror styles: they travel into the shadow root without a style element.
 * Knows no concrete colour: all come from the page's custom properties, which cross the shadow border.
 */
import { EditorView } from "@codemirror/view"

/** The look of text, carets and presence. */
export function theme() {
  return [text, presence, settled]
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

const fade = { "0%, 80%": { opacity: "1" }, "100%": { opacity: "0" } }

const presence = EditorView.theme({
  "@keyframes cm-peerNameA": fade,
  "@keyframes cm-peerNameB": fade,
  ".cm-peerSelections, .cm-peerCarets": { pointerEvents: "none" },
  ".cm-peerSelection": {
    backgroundColor: "color-mix(in srgb, var(--peer) 24%, transparent)",
    borderRadius: "2px",
  },
  ".cm-peerCaret": { width: "2px", marginLeft: "-1px", backgroundColor: "var(--peer)", borderRadius: "1px" },
  ".cm-peerName": {
    position: "absolute",
    bottom: "100%",
    left: "0",
    padding: "1px 6px 2px",
    borderRadius: "5px 5px 5px 0",
    backgroundColor: "var(--peer)",
    color: "var(--peer-ink)",
    font: "600 0.6875rem/1.3 var(--ui)",
    whiteSpace: "nowrap",
    maxWidth: "14em",
    overflow: "hidden",
    textOverflow: "ellipsis",
    userSelect: "none",
    opacity: "0",
    animation: "cm-peerNameA 2.6s ease-in",
  },
  ".cm-peerMoved .cm-peerName": { animationName: "cm-peerNameB" },
  ".cm-peerHover .cm-peerName": { opacity: "1", animation: "none" },
  ".cm-peerBelow .cm-peerName": { bottom: "auto", top: "100%", borderRadius: "0 5px 5px 5px" },
  ".cm-peerLeftwards .cm-peerName": { left: "auto", right: "0", borderRadius: "5px 5px 0 5px" },
  ".cm-peerBelow.cm-peerLeftwards .cm-peerName": { borderRadius: "5px 0 5px 5px" },
  "@media (prefers-reduced-motion: reduce)": { ".cm-peerName": { animationTimingFunction: "step-end" } },
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
  ".cm-gutters": { border: "0", backgroundColor: "var(--paper)", color: "var(--ink-soft)" },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "2.5rem",
    padding: "0 0 0 0.5rem",
    fontVariantNumeric: "tabular-nums",
    fontSize: "0.8em",
  },
  "&.cm-focused .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-highlightSpace": {
    backgroundImage: "radial-gradient(circle at 50% 55%, var(--line-strong) 14%, transparent 16%)",
  },
  ".cm-highlightTab": { opacity: "0.5" },
})
