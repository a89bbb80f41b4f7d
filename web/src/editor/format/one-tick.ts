/**
 * One tick in a box: of two people who tick the same one at once, each has written a letter between its brackets.
 * Knows no replica. Everybody who ticked it takes away the same letters, all but the first: it does not matter who is quicker.
 */
import { type EditorState, type Extension, StateField, type Transaction } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { fromReplica } from "../collab"

/** So many boxes are remembered. */
const MOST = 200
/** A box that several have ticked, or taken the tick from. */
const SEVERAL = /^\[(?:x{2,9}|X{2,9}| {2,9})\]/
const LONGEST = 11

/** The ticks this person has made or taken away, as the places right before them. */
const ticked = StateField.define<readonly number[]>({
  create: () => [],
  update(places, tr) {
    if (!tr.docChanged) return places
    let kept = places.map(place => tr.changes.mapPos(place, -1))
    let made = tr.annotation(fromReplica) ? [] : ticksIn(tr)
    return made.length ? [...new Set([...kept, ...made])].slice(-MOST) : kept
  },
})

/** Takes away what somebody else's tick has put beside this person's. */
export function oneTick(): Extension {
  return [
    ticked,
    EditorView.updateListener.of(({ transactions, view }) => {
      let isNews = transactions.some(tr => tr.docChanged && tr.annotation(fromReplica))
      if (isNews && surplus(view.state).length) queueMicrotask(() => tidy(view))
    }),
  ]
}

function tidy(view: EditorView) {
  if (view.state.readOnly || view.composing) return
  let changes = surplus(view.state)
  if (changes.length) view.dispatch({ changes, userEvent: "delete.tick" })
}

/** What is too much in the boxes this person has ticked. */
function surplus(state: EditorState): { from: number; to: number }[] {
  return state.field(ticked).flatMap(place => {
    let [box] = SEVERAL.exec(state.doc.sliceString(place - 1, place - 1 + LONGEST)) ?? []
    return box ? { from: place + 1, to: place + box.length - 2 } : []
  })
}

/** Where a letter between two brackets has given way to another. */
function ticksIn({ changes, newDoc }: Transaction): number[] {
  let places: number[] = []
  changes.iterChanges((fromA, toA, fromB, _, inserted) => {
    let isOne = toA - fromA === 1 && inserted.length === 1
    if (isOne && /^\[[ xX]\]$/.test(newDoc.sliceString(fromB - 1, fromB + 2))) places.push(fromB)
  })
  return places
}
