/**
 * Keeps half characters out of the document: no lone surrogate goes in, no edit cuts a pair in two.
 * Knows no replica; it protects whatever stores the text as code points.
 */
import { type ChangeSet, EditorState, type Extension, type Text, Transaction } from "@codemirror/state"
import { fromReplica } from "./collab"

/** Rewrites a local change whose edges or text would leave half a character. */
export function wellFormed(): Extension {
  return EditorState.transactionFilter.of(tr => {
    if (!tr.docChanged || tr.annotation(fromReplica) || isWellFormed(tr.startState.doc, tr.changes)) return tr
    return {
      changes: repaired(tr.startState.doc, tr.changes),
      effects: tr.effects,
      annotations: Transaction.userEvent.of(tr.annotation(Transaction.userEvent) ?? "input"),
      scrollIntoView: tr.scrollIntoView,
    }
  })
}

/** Whether every edge of `changes` lies between characters and all inserted text is whole. */
export function isWellFormed(doc: Text, changes: ChangeSet): boolean {
  let fine = true
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    if (splitsPair(doc, from) || splitsPair(doc, to) || !inserted.toString().isWellFormed()) fine = false
  })
  return fine
}

/** The same changes with edges moved outwards to whole characters and lone surrogates replaced. */
export function repaired(doc: Text, changes: ChangeSet): { from: number; to: number; insert: string }[] {
  let specs: { from: number; to: number; insert: string }[] = []
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    let start = Math.max(splitsPair(doc, from) ? from - 1 : from, specs.at(-1)?.to ?? 0)
    let end = from === to ? start : splitsPair(doc, to) ? to + 1 : to
    specs.push({ from: start, to: Math.max(start, end), insert: inserted.toString().toWellFormed() })
  })
  return specs
}

function splitsPair(doc: Text, at: number): boolean {
  if (at === 0 || at >= doc.length) return false
  let [before, after] = doc.sliceString(at - 1, at + 1)
  // Iterating a string joins a whole pair into one element: two elements means nothing is split here.
  return before !== undefined && after === undefined && before.length === 2
}
