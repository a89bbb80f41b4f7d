/**
 * How the editor looks, as CodeMirror styles: they travel into the shadow root without a style element.
 * Knows no concrete colour: all come from the page's custom properties, which cross the shadow border.
 */
import { EditorView } from "@codemirror/view"

/** The look of text, carets, presence and the search panel. */
export function theme() {
  return [text, presence, search]
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
  ".cm-searchMatch": { backgroundColor: "var(--match)", borderRadius: "2px" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--match-strong)" },
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

const search = EditorView.theme({
  ".cm-panels": { backgroundColor: "transparent", color: "var(--ink)", zIndex: "3" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "0.375rem",
    padding: "0.5rem 2.75rem 0.5rem 1rem",
    backgroundColor: "var(--surface)",
    font: "0.8125rem/1.4 var(--ui)",
  },
  ".cm-panel.cm-search br": { display: "block", flexBasis: "100%", height: "0", content: "''" },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.25rem",
    margin: "0 0.25rem",
    fontSize: "inherit",
    color: "var(--ink-soft)",
  },
  ".cm-panel.cm-search input[type=checkbox]": { margin: "0", accentColor: "var(--accent)" },
  ".cm-panel.cm-search .cm-textfield": {
    margin: "0",
    padding: "0.3125rem 0.5rem",
    minWidth: "0",
    width: "14rem",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    backgroundColor: "var(--paper)",
    color: "var(--ink)",
    font: "inherit",
  },
  ".cm-panel.cm-search .cm-button": {
    margin: "0",
    padding: "0.3125rem 0.625rem",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    background: "var(--surface)",
    color: "var(--ink)",
    font: "inherit",
    cursor: "pointer",
  },
  ".cm-panel.cm-search .cm-button:hover": { backgroundColor: "var(--hover)" },
  ".cm-panel.cm-search :focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-panel.cm-search [name=close]": {
    position: "absolute",
    top: "0.5rem",
    right: "0.75rem",
    width: "1.875rem",
    height: "1.875rem",
    borderRadius: "6px",
    fontSize: "1.125rem",
    color: "var(--ink-soft)",
    cursor: "pointer",
  },
  ".cm-panel.cm-search [name=close]:hover": { backgroundColor: "var(--hover)" },
})
