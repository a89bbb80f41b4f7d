/**
 * Where a table is, and the keys in it: Tab and Shift-Tab go from cell to cell, Enter makes a row.
 * Knows nothing of what a table is made of: that is loaded with the first one somebody writes in.
 */
import { syntaxTree } from "@codemirror/language"
import { type EditorState, type Extension, Prec } from "@codemirror/state"
import { type Command, type EditorView, keymap, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import { later } from "./later"
import { enclosing } from "./syntax"

export type TableHelp = typeof import("./table-commands")
type TableCommand = {
  [Name in keyof TableHelp]: TableHelp[Name] extends Command ? Name : never
}[keyof TableHelp]

const withHelp = later(() => import("./table-commands"))

/** Keys in tables, and columns that are lined up again when somebody leaves the table they have changed. */
export function tables(): Extension {
  return [
    ViewPlugin.define(view => new Leaving(view)),
    Prec.highest(
      keymap.of([
        { key: "Tab", run: inTable("nextCell"), shift: inTable("previousCell") },
        { key: "Enter", run: inTable("enterRow") },
      ]),
    ),
  ]
}

/** The table the cursor is in. */
export function tableAt(state: EditorState, pos = state.selection.main.head) {
  return enclosing(state, pos, pos, "Table")
}

/** Runs a command of those that are loaded with the first table. */
export function withTable(view: EditorView, name: TableCommand): boolean {
  return withHelp(help => help[name](view), view)
}

function inTable(name: TableCommand): Command {
  return view => !view.state.readOnly && !!tableAt(view.state) && withTable(view, name)
}

/** Notices when somebody who has changed a table leaves it. */
class Leaving {
  /** A place in the changed table; -1 when there is none. */
  private changed = -1

  constructor(private readonly view: EditorView) {}

  update(update: ViewUpdate) {
    if (!update.docChanged && !update.selectionSet) return
    if (this.changed >= 0) this.changed = update.changes.mapPos(this.changed)
    let { head } = update.state.selection.main
    let table = tableAt(update.state)
    if (table && isTyped(update)) this.changed = head
    // So that it is here when the next key asks for it.
    if (table) withHelp()
    if (this.changed < 0 || (table && table.from <= this.changed && this.changed <= table.to)) return
    let place = this.changed
    this.changed = -1
    // A text that is still being parsed has no tables behind a certain place.
    if (syntaxTree(update.state).length < place) return
    setTimeout(() => withHelp(help => help.tidyAt(this.view, place)))
  }
}

function isTyped({ transactions }: ViewUpdate): boolean {
  return transactions.some(tr => tr.docChanged && (tr.isUserEvent("input") || tr.isUserEvent("delete")))
}
