/**
 * Where a table is, and the keys in it: Tab and Shift-Tab go from cell to cell, Enter makes a row.
 * Knows nothing of what a table is made of: that is loaded with the first one somebody writes in.
 */
import { syntaxTree } from "@codemirror/language"
import { type EditorState, type Extension, Prec } from "@codemirror/state"
import { type Command, type EditorView, keymap, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import type { SyntaxNode } from "@lezer/common"
import { peers } from "../peers"
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

/** Whether somebody else has their cursor in a table. */
export function isShared(state: EditorState, { from, to }: SyntaxNode): boolean {
  return state.field(peers).some(({ head }) => from <= head && head <= to)
}

/** How long, or up to twice as long, a table stays as it is after the last of the others has left it: they may line it up. */
const PAUSE_MS = 1_000

/** Notices when somebody who has changed a table leaves it, and when the others do. */
class Leaving {
  /** A place in the changed table; -1 when there is none. */
  private changed = -1
  /** A place in each table that was left while somebody else was in it. */
  private owed: readonly number[] = []
  private timer = 0

  constructor(private readonly view: EditorView) {}

  update(update: ViewUpdate) {
    this.owed = this.owed.map(place => update.changes.mapPos(place))
    this.wait(update.state)
    if (!update.docChanged && !update.selectionSet) return
    if (this.changed >= 0) this.changed = update.changes.mapPos(this.changed)
    let { head } = update.state.selection.main
    let table = tableAt(update.state)
    if (table && isTyped(update)) this.changed = head
    // So that it is here when the next key asks for it.
    if (table) withHelp()
    if (this.changed < 0 || isIn(table, this.changed)) return
    let place = this.changed
    this.changed = -1
    if (syntaxTree(update.state).length < place) return
    setTimeout(() => this.tidy(place))
  }

  destroy() {
    clearTimeout(this.timer)
  }

  private tidy(place: number) {
    withHelp(help => {
      if (!help.tidyAt(this.view, place)) this.owed = [...this.owed, place]
      return true
    })
  }

  private wait(state: EditorState) {
    if (this.timer || !this.owed.some(place => isLeft(state, place))) return
    this.timer = window.setTimeout(() => this.pay(), PAUSE_MS * (1 + Math.random()))
  }

  /** Lines one table up; its places move those of the others. */
  private pay() {
    this.timer = 0
    let { state } = this.view
    let place = this.owed.find(place => isLeft(state, place))
    if (place === undefined) return
    this.owed = this.owed.filter(other => other !== place)
    // Whoever is back in it lines it up when they leave.
    if (isIn(tableAt(state), place)) this.changed = place
    else this.tidy(place)
    this.wait(this.view.state)
  }
}

/** Whether nobody else is in the table at this place. A text that is still being parsed has none behind a certain place. */
function isLeft(state: EditorState, place: number): boolean {
  if (syntaxTree(state).length < place) return false
  let table = tableAt(state, place)
  return !table || !isShared(state, table)
}

function isIn(table: SyntaxNode | null, place: number): boolean {
  return !!table && table.from <= place && place <= table.to
}

function isTyped({ transactions }: ViewUpdate): boolean {
  return transactions.some(tr => tr.docChanged && (tr.isUserEvent("input") || tr.isUserEvent("delete")))
}
