/**
 * How the others look in the text: selections, carets, names.
 * Knows no concrete colour: a person's comes with each element as `--peer`, what reads on it as `--peer-ink`.
 */
import { EditorView } from "@codemirror/view"

/** The look of carets and selections of the others. */
export const presenceTheme = EditorView.theme({
  ".cm-peerSelections, .cm-peerCarets": { pointerEvents: "none" },
  ".cm-peerCarets": { zIndex: "150", contain: "size style" },
  ".cm-peerSelection": {
    backgroundColor:
      "light-dark(color-mix(in srgb, var(--peer) 24%, transparent), color-mix(in srgb, var(--peer) 42%, transparent))",
    borderRadius: "2px",
  },
  ".cm-peerCaret": {
    left: "0",
    top: "0",
    width: "2px",
    marginLeft: "-1px",
    backgroundColor: "var(--peer)",
    borderRadius: "1px",
  },
  ".cm-peerNamed": { zIndex: "1" },
  ".cm-peerName": {
    position: "absolute",
    bottom: "100%",
    left: "0",
    padding: "1px 6px 2px",
    borderRadius: "5px 5px 5px 0",
    backgroundColor: "var(--peer)",
    color: "var(--peer-ink)",
    font: "600 0.6875rem/1.3 var(--ui, system-ui, sans-serif)",
    whiteSpace: "nowrap",
    maxWidth: "14em",
    overflow: "hidden",
    textOverflow: "ellipsis",
    userSelect: "none",
    visibility: "hidden",
    opacity: "0",
    transform: "translateY(calc(var(--level, 0) * -1.55em))",
  },
  ".cm-peerNamed .cm-peerName": { visibility: "visible", opacity: "1" },
  ".cm-peerBelow .cm-peerName": {
    bottom: "auto",
    top: "100%",
    borderRadius: "0 5px 5px 5px",
    transform: "translateY(calc(var(--level, 0) * 1.55em))",
  },
  ".cm-peerLeftwards .cm-peerName": { left: "auto", right: "0", borderRadius: "5px 5px 0 5px" },
  ".cm-peerBelow.cm-peerLeftwards .cm-peerName": { borderRadius: "5px 0 5px 5px" },
  "@media (prefers-reduced-motion: no-preference)": {
    // Only on the way out: a name that is called for is there at once.
    ".cm-peerName": { transition: "opacity 350ms ease-in, visibility 0s 350ms" },
    ".cm-peerNamed .cm-peerName": { transition: "none" },
  },
  // People are told apart by their colours, whatever others the reader has chosen; these are made to be seen on any.
  "@media (forced-colors: active)": {
    ".cm-peerCaret, .cm-peerName": { forcedColorAdjust: "none", outline: "1px solid CanvasText" },
    ".cm-peerSelection": {
      forcedColorAdjust: "none",
      backgroundColor: "transparent",
      outline: "1px dashed var(--peer)",
      outlineOffset: "-1px",
    },
  },
})
