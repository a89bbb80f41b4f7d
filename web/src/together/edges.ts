/**
 * Where the others write outside of what is in sight: ticks along the scrollbar, and hints at the edges for those who have
 * just moved there. A click goes to them.
 * Knows carets, and nobody's deeds. The list of people offers the same to those without a mouse.
 */
import { StateEffect } from "@codemirror/state"
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view"
import { peers } from "../editor/peers"
import { messages } from "../messages"
import { words } from "../messages/together"
import { inkOn } from "../palette"
import type { Peer } from "../peer"
import { edgesTheme } from "./edges-theme"

/** How often ticks are moved: they need not be as quick as letters. */
const PACE_MS = 150
/** How long a hint stays after somebody has moved out of sight. */
const HINT_MS = 8_000
/** More names than this at one edge are only counted. */
const HINTS = 2
/** Pixels of the shortest tick. */
const TICK_PX = 3

/** Shows ticks and hints in an editor; `onChoose` hears the connection of the one that is clicked. */
export function edges(view: EditorView, onChoose: (client: number) => void) {
  let plugin = ViewPlugin.define(view => new Edges(view, onChoose))
  view.dispatch({ effects: StateEffect.appendConfig.of([plugin, edgesTheme]) })
}

/** What is to be shown, from one look at the geometry. */
interface Sight {
  /** Where the scroller lies in the editor. */
  readonly box: { top: number; height: number; right: number }
  readonly ticks: readonly { peer: Peer; top: number; height: number }[]
  readonly above: readonly Peer[]
  readonly below: readonly Peer[]
}

class Edges {
  private readonly dom = div("cm-peerEdges")
  private readonly bar = div("cm-peerTicks")
  private readonly hints = {
    above: div("cm-peerHints cm-peerAbove"),
    below: div("cm-peerHints cm-peerUnder"),
  }
  private readonly ticks = new Map<number, HTMLElement>()
  private readonly movedAt = new Map<number, { moves: number; at: number }>()
  private timer = 0
  private fading = 0
  private shown = ""
  private readonly measuring = {
    key: this,
    read: () => this.read(),
    write: (sight: Sight) => this.write(sight),
  }
  private readonly look = () => {
    this.fading = 0
    this.soon()
  }
  private readonly soon = () => {
    this.timer ||= window.setTimeout(() => {
      this.timer = 0
      this.view.requestMeasure(this.measuring)
    }, PACE_MS)
  }

  constructor(
    private readonly view: EditorView,
    onChoose: (client: number) => void,
  ) {
    this.dom.ariaHidden = "true"
    this.dom.append(this.bar, this.hints.above, this.hints.below)
    // A press that began here must not take the focus from the text.
    this.dom.addEventListener("mousedown", event => event.preventDefault())
    this.dom.addEventListener("click", event => {
      let client = event.target instanceof HTMLElement ? event.target.dataset.client : undefined
      if (client) onChoose(Number(client))
    })
    view.dom.append(this.dom)
    view.scrollDOM.addEventListener("scroll", this.soon, { passive: true })
    this.soon()
  }

  update({ startState, state, geometryChanged }: ViewUpdate) {
    if (geometryChanged || startState.field(peers) !== state.field(peers)) this.soon()
  }

  destroy() {
    clearTimeout(this.timer)
    clearTimeout(this.fading)
    this.view.scrollDOM.removeEventListener("scroll", this.soon)
    this.dom.remove()
  }

  private read(): Sight {
    let { view } = this
    let { scrollDOM } = view
    let { scrollTop, clientHeight, scrollHeight, offsetTop, offsetWidth, clientWidth } = scrollDOM
    let box = { top: offsetTop, height: clientHeight, right: offsetWidth - clientWidth }
    let [ticks, above, below]: [Sight["ticks"][number][], Peer[], Peer[]] = [[], [], []]
    let now = performance.now()
    for (let peer of view.state.field(peers)) {
      if (peer.head < 0) continue
      let [top, bottom] = this.span(Math.min(peer.anchor, peer.head), Math.max(peer.anchor, peer.head))
      let scale = clientHeight / Math.max(scrollHeight, 1)
      ticks.push({
        peer,
        top: Math.round(top * scale),
        height: Math.max(TICK_PX, Math.round((bottom - top) * scale)),
      })
      let [from, to] = peer.anchor === peer.head ? [top, bottom] : this.span(peer.head, peer.head)
      if (!this.hasMoved(peer, now)) continue
      if (to < scrollTop) above.push(peer)
      else if (from > scrollTop + clientHeight) below.push(peer)
    }
    return { box, ticks: scrollHeight > clientHeight ? ticks : [], above, below }
  }

  /** Top and bottom in the scrolled text, by what is known of heights: nothing is laid out for it. */
  private span(from: number, to: number): [number, number] {
    let { length } = this.view.state.doc
    let padding = this.view.documentPadding.top
    let first = this.view.lineBlockAt(Math.min(from, length))
    let last = from === to ? first : this.view.lineBlockAt(Math.min(to, length))
    // One line of a caret, not the whole paragraph it stands in.
    let share = from === to ? (from - first.from) / Math.max(1, first.length) : 0
    let line = Math.min(first.height, this.view.defaultLineHeight)
    let top = first.top + share * (first.height - line) + padding
    return [top, from === to ? top + line : last.bottom + padding]
  }

  /** Whether somebody has moved a little while ago; looked at again when that is over. */
  private hasMoved({ client, moves }: Peer, now: number): boolean {
    let known = this.movedAt.get(client)
    if (known?.moves !== moves) {
      this.movedAt.set(client, { moves, at: now })
      return true
    }
    return now - known.at < HINT_MS
  }

  private write({ box, ticks, above, below }: Sight) {
    set(this.dom, "top", `${box.top}px`)
    set(this.dom, "height", `${box.height}px`)
    set(this.dom, "right", `${box.right}px`)
    let gone = new Set(this.ticks.keys())
    for (let { peer, top, height } of ticks) {
      gone.delete(peer.client)
      let tick = this.ticks.get(peer.client) ?? this.newTick(peer.client)
      set(tick, "--peer", peer.color)
      set(tick, "transform", `translateY(${top}px)`)
      set(tick, "height", `${height}px`)
      if (tick.title !== nameOf(peer)) tick.title = nameOf(peer)
      tick.classList.toggle("cm-peerRange", peer.anchor !== peer.head)
    }
    for (let client of gone) {
      this.ticks.get(client)?.remove()
      this.ticks.delete(client)
      this.movedAt.delete(client)
    }
    this.hint(above, below)
  }

  private hint(above: readonly Peer[], below: readonly Peer[]) {
    // Hints go by themselves: somebody has to look.
    if (above.length || below.length) this.fading ||= window.setTimeout(this.look, HINT_MS / 8)
    let shown = [above, below].map(side => side.map(({ client, name, color }) => [client, name, color]))
    let looks = JSON.stringify(shown)
    if (looks === this.shown) return
    this.shown = looks
    this.hints.above.replaceChildren(...hintsOf(above, "↑", words.above))
    this.hints.below.replaceChildren(...hintsOf(below, "↓", words.below))
  }

  private newTick(client: number): HTMLElement {
    let tick = div("cm-peerTick")
    tick.dataset.client = String(client)
    this.ticks.set(client, tick)
    this.bar.append(tick)
    return tick
  }
}

function hintsOf(peers: readonly Peer[], arrow: string, title: (name: string) => string): HTMLElement[] {
  let hints = peers.slice(0, HINTS).map(peer => {
    let hint = div("cm-peerHint")
    hint.dataset.client = String(peer.client)
    hint.textContent = `${arrow} ${nameOf(peer)}`
    hint.title = title(nameOf(peer))
    hint.style.setProperty("--peer", peer.color)
    hint.style.setProperty("--peer-ink", inkOn(peer.color))
    return hint
  })
  if (peers.length <= HINTS) return hints
  let more = div("cm-peerHint cm-peerMore")
  more.textContent = `${arrow} +${peers.length - HINTS}`
  return [...hints, more]
}

function nameOf({ name }: Peer): string {
  return name || messages.people.anonymous
}

/** Styles are only touched for a difference: setting one costs, even to what it is. */
function set(element: HTMLElement, property: string, value: string) {
  if (element.style.getPropertyValue(property) !== value) element.style.setProperty(property, value)
}

function div(className: string): HTMLElement {
  let made = document.createElement("div")
  made.className = className
  return made
}
