/**
 * What is looked for in one editor: keeps the matches at the text, marks those on the screen, goes from one to the next
 * and replaces them.
 * Knows the view, and not the panel: that hears of changes.
 */
import { type ChangeDesc, EditorSelection, RangeSetBuilder } from "@codemirror/state"
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import { Finder } from "./finder"
import { Matches } from "./matches"
import { complaint, type Pattern, patternOf, type Query } from "./query"
import { Template } from "./replacement"
import type { Span } from "./scan"

/** How long the text rests before it is searched again. */
const REST_MS = 150
/** After so many changes at once it is quicker to search again than to see what has become of each match. */
const MANY = 200
const mark = Decoration.mark({ class: "cm-searchMatch" })
const selectedMark = Decoration.mark({ class: "cm-searchMatch cm-searchMatch-selected" })
const scopeMark = Decoration.mark({ class: "cm-searchScope" })

/** What stands in the way of a search: words about a regular expression, or that it takes too long. */
export type Problem = { readonly invalid: string } | "slow"

/** The search of an editor. */
export const searcher = ViewPlugin.define(view => new Searcher(view), {
  decorations: searcher => searcher.decorations,
})

/** How it stands. */
export class Searcher {
  query: Query = { text: "", caseSensitive: false, word: false, regexp: false }
  matches: Matches | null = null
  problem: Problem | null = null
  decorations: DecorationSet = Decoration.none
  /** Matches count only in here, where somebody wants that. */
  scope: Span | null = null
  /** What somebody has selected themselves, last. */
  private selected: Span | null = null
  /** Where the next match is looked for while the query is typed. */
  private origin = 0
  private isOpen = false
  private isReplacing = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly finder = new Finder()
  private readonly listeners = new Set<() => void>()

  constructor(private readonly view: EditorView) {}

  /** Calls `listener` when something of it has changed; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Begins, at the selection. */
  open() {
    let { main } = this.view.state.selection
    this.isOpen = true
    this.origin = main.from
    this.selected = main.empty ? null : { from: main.from, to: main.to }
    void this.search(false)
  }

  /** Ends: nothing is marked any more. What was looked for is kept for the next time. */
  close() {
    this.isOpen = false
    this.scope = null
    this.matches = null
    clearTimeout(this.timer)
    this.finder.stop()
    this.redraw()
  }

  destroy() {
    clearTimeout(this.timer)
    this.finder.stop()
  }

  /** Looks for something else, and goes to the first of it from where one was. */
  look(query: Query) {
    this.query = query
    void this.search(true)
  }

  /** Looks only in what is selected, or everywhere again; returns whether anything is selected. */
  narrow(isNarrow: boolean): boolean {
    if (isNarrow && !this.selected) return false
    this.scope = isNarrow ? this.selected : null
    if (this.scope) this.origin = this.scope.from
    void this.search(true)
    return true
  }

  /** Which match is selected, or -1. */
  get current(): number {
    let { main } = this.view.state.selection
    return this.matches?.indexOf(main) ?? -1
  }

  /** Selects the next match, or the one before; from the end it goes on at the start. */
  step(by: 1 | -1) {
    let { matches } = this
    if (!matches?.count) return
    let { main } = this.view.state.selection
    let { current } = this
    let next = current >= 0 ? current + by : matches.firstFrom(main.from) + (by < 0 ? -1 : 0)
    for (let i = 0; i < matches.count; i++) {
      let span = matches.at((next + i * by + 2 * matches.count) % matches.count)
      if (span) return this.select(span)
    }
  }

  /** Selects all matches, up to `most` of them; returns how many. */
  selectAll(most: number): number {
    let spans = this.spans().slice(0, most)
    if (spans.length === 0) return 0
    let ranges = spans.map(({ from, to }) => EditorSelection.range(from, to))
    this.view.dispatch({ selection: EditorSelection.create(ranges), userEvent: "select.search" })
    return spans.length
  }

  /** Replaces the selected match and goes to the next one; only goes there when none is selected. */
  async replaceOne(replacement: string) {
    let { current, view } = this
    if (current < 0) return this.step(1)
    let { main } = view.state.selection
    let { from } = main
    let found = await this.exactly(replacement)
    let i = found?.matches.firstFrom(from) ?? -1
    let span = found?.matches.at(i)
    // Somebody may have changed it in this moment.
    if (!found || !span || !view.state.selection.main.eq(EditorSelection.range(span.from, span.to)))
      return this.step(1)
    let insert = view.state.toText(found.words(i))
    view.dispatch({
      changes: { from: span.from, to: span.to, insert },
      selection: { anchor: span.from + insert.length },
      userEvent: "input.replace",
    })
    this.step(1)
  }

  /** Replaces every match in one step; returns how many there were. */
  async replaceAll(replacement: string): Promise<number> {
    let found = await this.exactly(replacement)
    if (!found) return 0
    let { view } = this
    let changes = []
    for (let i = 0; i < found.matches.count; i++) {
      let span = found.matches.at(i)
      if (span) changes.push({ ...span, insert: view.state.toText(found.words(i)) })
    }
    if (changes.length) view.dispatch({ changes, userEvent: "input.replace.all" })
    return changes.length
  }

  update(update: ViewUpdate) {
    if (!this.isOpen) return
    if (update.docChanged) {
      this.follow(update.changes.desc)
      this.searchSoon()
    }
    let own = update.transactions.some(tr => tr.isUserEvent("select") && !tr.isUserEvent("select.search"))
    if (own) this.noteSelection()
    if (update.docChanged || update.selectionSet || update.viewportChanged) this.mark()
    if (update.docChanged || update.selectionSet) this.tell()
  }

  private noteSelection() {
    let { main } = this.view.state.selection
    this.origin = main.from
    if (!main.empty) this.selected = { from: main.from, to: main.to }
  }

  /** What was found stays where it is in the text. */
  private follow(changes: ChangeDesc) {
    let moved = (span: Span) => ({ from: changes.mapPos(span.from, -1), to: changes.mapPos(span.to, 1) })
    if (isMany(changes)) this.matches = null
    this.matches?.changed(changes)
    for (let matches of this.pending) matches(changes)
    this.origin = changes.mapPos(this.origin, -1)
    if (this.scope) this.scope = moved(this.scope)
    if (this.selected) this.selected = moved(this.selected)
  }

  /** Searches that are under way, to be told of changes. */
  private readonly pending = new Set<(changes: ChangeDesc) => void>()

  private searchSoon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.search(false), REST_MS)
  }

  private async search(isNew: boolean) {
    clearTimeout(this.timer)
    // A replacement looks for itself, and what it has changed is looked at after it.
    if (this.isReplacing) return this.searchSoon()
    let outcome = await this.find()
    if (outcome === "gone" || !this.isOpen) return
    this.matches = outcome
    if (isNew) this.goToFirst()
    this.redraw()
  }

  private async find(template?: string): Promise<Matches | null | "gone"> {
    let pattern = this.pattern()
    if (!pattern) {
      this.finder.stop()
      return null
    }
    let since: ChangeDesc | null = null
    let note = (changes: ChangeDesc) => {
      since = since ? since.composeDesc(changes) : changes
    }
    this.pending.add(note)
    let { doc } = this.view.state
    let scope = this.scope ?? { from: 0, to: doc.length }
    let outcome = await this.finder.find({ text: doc, pattern, isRegexp: this.query.regexp, scope, template })
    this.pending.delete(note)
    if (outcome === "gone") return "gone"
    this.problem = outcome === "slow" ? "slow" : null
    if (outcome === "slow") return null
    if (since && isMany(since)) return this.find(template)
    let matches = new Matches(outcome)
    if (since) matches.changed(since)
    return matches
  }

  private pattern(): Pattern | null {
    this.problem = null
    if (!this.query.text) return null
    try {
      return patternOf(this.query)
    } catch (error) {
      this.problem = { invalid: complaint(error) }
      return null
    }
  }

  /** Matches of the text as it is, and what each is replaced with. */
  private async exactly(replacement: string) {
    let template = this.query.regexp ? new Template(replacement) : null
    let always = template ? template.always : replacement
    this.isReplacing = true
    let matches = await this.find(always === null ? replacement : undefined)
    this.isReplacing = false
    if (!matches || matches === "gone" || this.view.state.readOnly) return null
    return { matches, words: (i: number) => always ?? matches.replacement(i) ?? "" }
  }

  private goToFirst() {
    let { matches } = this
    let i = matches?.firstFrom(this.origin) ?? 0
    let span = matches?.at(i) ?? matches?.at(0)
    if (span) this.select(span)
  }

  private select({ from, to }: Span) {
    this.origin = from
    this.view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(EditorSelection.range(from, to), { y: "nearest", yMargin: 80 }),
      userEvent: "select.search",
    })
  }

  private spans(): readonly Span[] {
    let { matches } = this
    if (!matches) return []
    return Array.from({ length: matches.count }, (_, i) => matches.at(i)).filter(span => span !== null)
  }

  /** Shows what has changed outside of an update. */
  private redraw() {
    this.mark()
    // An empty transaction has the view ask for the marks.
    this.view.dispatch({})
    this.tell()
  }

  private mark() {
    let builder = new RangeSetBuilder<Decoration>()
    let { main } = this.view.state.selection
    let end = 0
    for (let visible of this.view.visibleRanges)
      for (let { from, to } of this.visible(visible)) {
        // One that begins in one range may end in the next.
        if (from === to || from < end) continue
        builder.add(from, to, from === main.from && to === main.to ? selectedMark : mark)
        end = to
      }
    let marks = builder.finish()
    let scope = this.scope
    this.decorations =
      scope && scope.from < scope.to ? marks.update({ add: [scopeMark.range(scope.from, scope.to)] }) : marks
  }

  private *visible({ from, to }: Span): Generator<Span> {
    let { matches } = this
    if (!matches) return
    for (let i = Math.max(matches.firstFrom(from) - 1, 0); i < matches.count; i++) {
      let span = matches.at(i)
      if (span && to < span.from) return
      if (span && from <= span.to) yield span
    }
  }

  private tell() {
    for (let listener of this.listeners) listener()
  }
}

function isMany(changes: ChangeDesc): boolean {
  let count = 0
  changes.iterChangedRanges(() => count++)
  return count > MANY
}
