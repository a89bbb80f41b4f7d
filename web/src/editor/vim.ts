/**
 * Vim's keys. Undo is the binding's: it takes back one's own steps only, and each command is a step.
 * Knows the package that has the keys, and no settings.
 */
import { type Extension, StateField } from "@codemirror/state"
import { type Command, EditorView, ViewPlugin } from "@codemirror/view"
import { CodeMirror, getCM, Vim, vim } from "@replit/codemirror-vim"
import { vim as words } from "../messages/work"
import { closeUndoStep, redo, undo } from "./collab"
import { openSearch } from "./search-keys"

/** What the package hands to its commands. */
type Adapter = NonNullable<ReturnType<typeof getCM>>

CodeMirror.commands.undo = (cm: Adapter) => restore(cm, undo)
CodeMirror.commands.redo = (cm: Adapter) => restore(cm, redo)
// What is typed is saved without being asked for; fingers ask all the same.
Vim.defineEx("write", "w", () => {})
Vim.defineEx("find", "fin", (cm: Adapter) => openSearch(cm.cm6))

/** The keys, and a line that shows the mode. */
export function vimKeys(): Extension {
  return [vim({ status: true }), restored, steps, look]
}

/** Ends a step with each command; what is typed in insert mode is the binding's to divide. */
const steps = ViewPlugin.define(view => {
  let cm = getCM(view)
  let done = () => {
    if (!cm?.state.vim?.insertMode) closeUndoStep(view)
  }
  cm?.on("vim-command-done", done)
  cm?.on("vim-mode-change", done)
  let panel = view.dom.querySelector(".cm-vim-panel")
  panel?.setAttribute("role", "status")
  panel?.setAttribute("aria-label", words.mode)
  return {
    destroy() {
      cm?.off("vim-command-done", done)
      cm?.off("vim-mode-change", done)
    },
  }
})

/** Vim leaves the cursor where the text has changed, and selects nothing there. */
function restore(cm: Adapter, command: Command) {
  closeUndoStep(cm.cm6)
  command(cm.cm6)
  cm.cm6.dispatch({ selection: { anchor: cm.cm6.state.field(restored) } })
}

/** Where the text that was undone or redone last begins. */
const restored = StateField.define<number>({
  create: () => 0,
  update(at, tr) {
    if (!tr.docChanged) return at
    if (!tr.isUserEvent("undo") && !tr.isUserEvent("redo")) return tr.changes.mapPos(at, -1)
    let first = tr.newDoc.length
    tr.changes.iterChangedRanges((_fromA, _toA, from) => {
      first = Math.min(first, from)
    })
    return first
  },
})

const look = EditorView.theme({
  ".cm-vim-panel": {
    alignItems: "center",
    minHeight: "1.75rem",
    padding: "0 1rem",
    backgroundColor: "var(--surface)",
    color: "var(--ink-soft)",
    fontFamily: "var(--mono)",
    fontSize: "0.8125rem",
  },
  ".cm-vim-panel input": { flex: "1", color: "var(--ink)", font: "inherit" },
  "& .cm-scroller .cm-fat-cursor": {
    borderRadius: "1px",
    background: "color-mix(in srgb, var(--accent) 45%, transparent) !important",
  },
  "&:not(.cm-focused) .cm-scroller .cm-fat-cursor": {
    outline: "1px solid var(--accent) !important",
    background: "none !important",
  },
})
