/**
 * What others have changed while nobody looked: gathered while told to, and marked in the text when somebody wants to see.
 * Knows the editor's transactions, and not why nobody looks.
 */
import {
  type EditorState,
  type Extension,
  StateEffect,
  StateField,
  type Text,
  Transaction,
} from "@codemirror/state"
import { Decoration, type DecorationSet, EditorView, keymap } from "@codemirror/view"
import { fromReplica } from "./collab"

/** A piece of the text that is new; nothing between its ends where something was taken away. */
export interface Novelty {
  readonly from: number
  readonly to: number
}

interface News {
  readonly isGathering: boolean
  readonly isShown: boolean
  /** In the order of the text, and apart from each other. */
  readonly novelties: readonly Novelty[]
}

/** Begins or ends to gather. */
export const gather = StateEffect.define<boolean>()
/** Marks what was gathered. */
export const showNews = StateEffect.define<null>()
/** Forgets what was gathered, and its marks. */
export const dropNews = StateEffect.define<null>()

/** More pieces than these are too many to be told apart. */
const MOST = 500
const NONE: News = { isGathering: false, isShown: false, novelties: [] }

const field = StateField.define<News>({
  create: () => NONE,
  update(news, tr) {
    let { isGathering, isShown, novelties } = news
    if (tr.docChanged && (novelties.length || isGathering)) {
      let isTheirs = isGathering && tr.annotation(fromReplica) && tr.annotation(Transaction.remote)
      novelties = moved(novelties, tr, isTheirs ? changed(tr) : [])
    }
    for (let effect of tr.effects) {
      if (effect.is(gather)) isGathering = effect.value
      else if (effect.is(showNews)) isShown = true
      else if (effect.is(dropNews)) [isShown, novelties] = [false, NONE.novelties]
    }
    let same = isGathering === news.isGathering && isShown === news.isShown && novelties === news.novelties
    return same ? news : { isGathering, isShown, novelties }
  },
  provide: field => EditorView.decorations.compute([field], state => marks(state.field(field), state.doc)),
})

/** Gathers what others change. Escape takes the marks away. */
export function news(): Extension {
  let leave = (view: EditorView) => {
    let isShown = view.state.field(field).isShown
    if (isShown) view.dispatch({ effects: dropNews.of(null) })
    return isShown
  }
  return [field, look, keymap.of([{ key: "Escape", run: leave }])]
}

/** What was gathered so far. */
export function newsOf(state: EditorState): readonly Novelty[] {
  return state.field(field).novelties
}

export function isNewsShown(view: EditorView): boolean {
  return view.state.field(field).isShown
}

/** The lines with something new, by their numbers. */
export function linesOf(novelties: readonly Novelty[], doc: Text): ReadonlySet<number> {
  let lines = new Set<number>()
  for (let { from, to } of novelties) {
    // Lines are added with the break before or behind them: the line on the other side of it is none of them.
    let first = from < to && doc.sliceString(from, from + 1) === "\n" ? from + 1 : from
    let last = first < to && doc.sliceString(to - 1, to) === "\n" ? to - 1 : to
    let end = doc.lineAt(last).number
    for (let line = doc.lineAt(first).number; line <= end; line++) lines.add(line)
  }
  return lines
}

/** The pieces after a transaction, with those that it has brought. */
function moved(
  novelties: readonly Novelty[],
  tr: Transaction,
  brought: readonly Novelty[],
): readonly Novelty[] {
  let kept = novelties.map(({ from, to }) => ({
    from: tr.changes.mapPos(from, 1),
    to: tr.changes.mapPos(to, -1),
  }))
  let all = [...kept, ...brought].sort((a, b) => a.from - b.from)
  let merged: { from: number; to: number }[] = []
  for (let { from, to } of all) {
    let last = merged.at(-1)
    if (last && (from <= last.to || merged.length === MOST)) last.to = Math.max(last.to, to)
    else merged.push({ from, to: Math.max(from, to) })
  }
  return merged
}

function changed(tr: Transaction): Novelty[] {
  let pieces: Novelty[] = []
  tr.changes.iterChangedRanges((_fromA, _toA, from, to) => pieces.push({ from, to }))
  return pieces
}

const newLine = Decoration.line({ class: "cm-newsLine" })
const newWords = Decoration.mark({ class: "cm-news" })

function marks({ isShown, novelties }: News, doc: Text): DecorationSet {
  if (!isShown) return Decoration.none
  let lines = [...linesOf(novelties, doc)].map(number => newLine.range(doc.line(number).from))
  let words = novelties.filter(({ from, to }) => from < to).map(({ from, to }) => newWords.range(from, to))
  return Decoration.set([...lines, ...words], true)
}

const look = EditorView.theme({
  ".cm-newsLine": { boxShadow: "inset 3px 0 0 var(--good)" },
  ".cm-news": {
    borderRadius: "2px",
    backgroundColor: "color-mix(in srgb, var(--good) 18%, transparent)",
  },
  "@media (forced-colors: active)": { ".cm-news": { outline: "1px dashed" } },
})
