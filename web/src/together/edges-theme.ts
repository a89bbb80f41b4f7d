/**
 * How ticks along the scrollbar and hints at the edges of the text look.
 * Knows no concrete colour: a person's comes with each element.
 */
import { EditorView } from "@codemirror/view"

/** The look of what `edges.ts` shows. */
export const edgesTheme = EditorView.theme({
  ".cm-peerEdges": { position: "absolute", left: "0", pointerEvents: "none", overflow: "hidden" },
  ".cm-peerTicks": { position: "absolute", inset: "0 0 0 auto", width: "12px" },
  ".cm-peerTick": {
    position: "absolute",
    top: "0",
    right: "0",
    width: "12px",
    pointerEvents: "auto",
    cursor: "pointer",
  },
  // A thin line, in a strip that can be hit.
  ".cm-peerTick::before": {
    content: "''",
    position: "absolute",
    inset: "0 2px 0 auto",
    width: "6px",
    borderRadius: "2px",
    backgroundColor: "var(--peer)",
    pointerEvents: "none",
  },
  ".cm-peerTick::after": { content: "''", position: "absolute", inset: "-3px 0" },
  ".cm-peerTick:hover::before": { width: "10px" },
  ".cm-peerRange::before": { opacity: "0.55" },
  ".cm-peerHints": {
    position: "absolute",
    right: "1.25rem",
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-end",
    gap: "4px",
    maxWidth: "60%",
  },
  ".cm-peerAbove": { top: "0.625rem" },
  ".cm-peerUnder": { bottom: "0.625rem" },
  ".cm-peerHint": {
    padding: "2px 10px 3px",
    maxWidth: "100%",
    overflow: "hidden",
    borderRadius: "99px",
    backgroundColor: "var(--peer)",
    color: "var(--peer-ink)",
    font: "600 0.75rem/1.5 var(--ui)",
    whiteSpace: "nowrap",
    textOverflow: "ellipsis",
    pointerEvents: "auto",
    cursor: "pointer",
  },
  ".cm-peerHint.cm-peerMore": {
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
    color: "var(--ink-soft)",
    pointerEvents: "none",
  },
  "@media (pointer: coarse)": { ".cm-peerHint": { padding: "8px 14px" } },
  "@media (prefers-reduced-motion: no-preference)": {
    "@keyframes cm-peerHintComes": { from: { opacity: "0" } },
    ".cm-peerHint": { animation: "cm-peerHintComes 200ms" },
  },
  "@media (forced-colors: active)": {
    ".cm-peerTick::before, .cm-peerHint": { forcedColorAdjust: "none", outline: "1px solid CanvasText" },
  },
  "@media print": { ".cm-peerEdges": { display: "none" } },
})
