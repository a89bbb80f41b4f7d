/**
 * How pictures and their places look in the text.
 * Knows no concrete colour: all come from the page's custom properties.
 */
import { EditorView } from "@codemirror/view"

const breathe = { "0%, 100%": { opacity: "0.25" }, "50%": { opacity: "1" } }

/** The look of chips, short addresses and pictures. */
export const look = EditorView.theme({
  "@keyframes cm-breathe": breathe,
  ".cm-upload": {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.5em",
    maxWidth: "100%",
    margin: "0 0.15em",
    padding: "0.1em 0.3em 0.1em 0.6em",
    border: "1px solid var(--line-strong)",
    borderRadius: "8px",
    background: "var(--surface)",
    color: "var(--ink-soft)",
    font: "0.8125rem / 1.5 var(--ui)",
    boxSizing: "border-box",
    // A wrapped list item pulls its first line to the left.
    textIndent: "0",
    verticalAlign: "baseline",
    userSelect: "none",
  },
  ".cm-upload-other": { paddingRight: "0.6em" },
  ".cm-upload-stopped": { borderStyle: "dashed" },
  ".cm-uploadName": { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", minWidth: "0" },
  ".cm-uploadBar": {
    flex: "none",
    width: "4.5em",
    height: "4px",
    borderRadius: "2px",
    background: "linear-gradient(var(--accent) 0 0) 0 / var(--part, 0%) no-repeat var(--line-strong)",
    transition: "background-size 0.15s linear",
  },
  ".cm-uploadDots": {
    flex: "none",
    width: "6px",
    height: "6px",
    borderRadius: "50%",
    background: "var(--accent)",
    animation: "cm-breathe 1.6s ease-in-out infinite",
  },
  ".cm-uploadButton": {
    flex: "none",
    minWidth: "1.7em",
    padding: "0 0.4em",
    border: "0",
    borderRadius: "6px",
    background: "none",
    color: "inherit",
    font: "inherit",
    cursor: "pointer",
  },
  ".cm-uploadButton:hover": { background: "var(--hover)", color: "var(--ink)" },
  ".cm-uploadButton:focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-address": { color: "var(--ink-soft)", fontFamily: "var(--mono)", fontSize: "0.85em" },
  // As high as the picture will be, until it is there.
  ".cm-picture": { minHeight: "calc(var(--height) + 16px)", padding: "8px 1.5rem", boxSizing: "border-box" },
  ".cm-picture img": {
    display: "block",
    maxWidth: "100%",
    maxHeight: "var(--most)",
    borderRadius: "6px",
  },
  ".cm-pictureGone": { color: "var(--ink-soft)", font: "0.8125rem / 1.5 var(--ui)" },
  "@media (prefers-reduced-motion: reduce)": {
    ".cm-uploadDots": { animation: "none" },
    ".cm-uploadBar": { transition: "none" },
  },
  "@media (pointer: coarse)": {
    ".cm-uploadButton": { minWidth: "2.75em", minHeight: "2.75em" },
  },
  "@media (forced-colors: active)": {
    ".cm-uploadBar": {
      border: "1px solid CanvasText",
      background: "linear-gradient(Highlight 0 0) 0 / var(--part, 0%) no-repeat",
    },
    ".cm-uploadDots": { background: "Highlight" },
  },
})
