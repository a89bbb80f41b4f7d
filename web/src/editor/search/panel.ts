/**
 * The panel of find and replace over the text: fields, switches and how many there are.
 * Knows the search it shows, and leaves the finding to that.
 */
import { type EditorView, type Panel, runScopeHandlers } from "@codemirror/view"
import { count as number } from "../../messages/number"
import { search as words } from "../../messages/search"
import { element, icon } from "../../page/dom"
import { isMac, keysShown } from "../../page/key-names"
import type { Query } from "./query"
import type { Searcher } from "./searcher"

/** How many matches are selected at once: each becomes a cursor. */
const MOST_CURSORS = 1_000

/** Where the panel fits best: above the text, or within reach of the thumb and right over the keyboard. */
const PHONE = "(max-width: 34rem)"

/** What a switch changes, the icon's paths or letters, and the key that goes with Alt. */
const SWITCHES = [
  ["caseSensitive", "Aa", "KeyC"],
  ["word", "ab", "KeyW"],
  ["regexp", ".*", "KeyR"],
] as const

/** The panel of an editor. */
export class SearchPanel implements Panel {
  readonly dom = element("search", "cm-search")
  readonly top = !matchMedia(PHONE).matches
  private readonly find = field(words.find)
  private readonly replacement = field(words.replace)
  private readonly count = element("p", "cm-search-count")
  private readonly problem = element("p", "cm-search-problem")
  private readonly replaceRow = element("div", "cm-search-row")
  private readonly opener = iconButton(words.toggleReplace, "M7.5 5l5 5l-5 5")
  private readonly scope = iconButton(words.scope, "M4 5h12M4 8.3h8M4 11.7h12M4 15h6")
  private readonly switches = SWITCHES.map(([name, sign]) => switchButton(name, sign))
  private readonly stopListening: () => void
  private said = ""

  constructor(
    private readonly view: EditorView,
    private readonly searcher: Searcher,
    private readonly close: () => void,
  ) {
    this.dom.setAttribute("aria-label", words.label)
    this.dom.append(this.build())
    this.dom.addEventListener("keydown", event => this.key(event))
    this.stopListening = searcher.onChange(() => this.show())
    this.find.addEventListener("input", () => this.look({ text: this.find.value }))
    this.setQuery(searcher.query)
    this.showReplacing(false)
    this.show()
  }

  /** Puts the cursor into the field, with something to look for already in it. */
  focus(text: string | null, typed = "") {
    if (text !== null || typed) this.find.value = typed || (text ?? "")
    this.find.focus()
    this.find.select()
    if (typed) this.find.setSelectionRange(typed.length, typed.length)
    if (this.find.value !== this.searcher.query.text) this.look({ text: this.find.value })
  }

  /** Shows or hides the second row. */
  showReplacing(isShown: boolean) {
    let shown = isShown && !this.view.state.readOnly
    this.replaceRow.hidden = !shown
    this.opener.hidden = this.view.state.readOnly
    this.opener.setAttribute("aria-expanded", String(shown))
  }

  destroy() {
    this.stopListening()
  }

  private build(): HTMLElement {
    let inner = element("div", "cm-search-inner")
    let findRow = element("div", "cm-search-row")
    let box = element("div", "cm-search-box")
    this.find.setAttribute("aria-describedby", "search-problem")
    this.problem.id = "search-problem"
    this.problem.setAttribute("role", "alert")
    this.count.setAttribute("role", "status")
    box.append(this.find, ...this.switches)
    let previous = iconButton(words.previous, "M5 12l5-5l5 5", "Shift-F3")
    let next = iconButton(words.next, "M5 8l5 5l5-5", "F3")
    let close = iconButton(words.close, "M5.5 5.5l9 9M14.5 5.5l-9 9", "Escape")
    let buttons = element("div", "cm-search-buttons")
    buttons.append(this.count, previous, next, this.scope, close)
    findRow.append(this.opener, box, buttons)
    previous.addEventListener("click", () => this.step(-1))
    next.addEventListener("click", () => this.step(1))
    close.addEventListener("click", this.close)
    this.scope.addEventListener("click", () => this.narrow())
    this.opener.addEventListener("click", () => this.toggleReplacing())
    this.switches.forEach((button, i) => {
      button.addEventListener("click", () => this.flip(i))
    })
    inner.append(findRow, this.buildReplaceRow(), this.problem)
    return inner
  }

  private buildReplaceRow(): HTMLElement {
    let one = textButton(words.replaceOne, () => void this.searcher.replaceOne(this.replacement.value))
    let all = textButton(words.replaceAll, () => void this.replaceAll())
    let box = element("div", "cm-search-box")
    box.append(this.replacement)
    let buttons = element("div", "cm-search-buttons")
    buttons.append(one, all)
    this.replaceRow.append(element("span", "cm-search-indent"), box, buttons)
    return this.replaceRow
  }

  private look(changes: Partial<Query>) {
    this.said = ""
    this.searcher.look({ ...this.searcher.query, ...changes })
  }

  private setQuery({ text, ...flags }: Query) {
    this.find.value = text
    SWITCHES.forEach(([name], i) => {
      this.switches[i]?.setAttribute("aria-pressed", String(flags[name]))
    })
  }

  private step(by: 1 | -1) {
    this.said = ""
    this.searcher.step(by)
  }

  private flip(i: number) {
    let name = SWITCHES[i]?.[0]
    if (!name) return
    this.look({ [name]: !this.searcher.query[name] })
    this.setQuery(this.searcher.query)
  }

  private narrow() {
    let isNarrow = this.searcher.scope === null
    this.said = this.searcher.narrow(isNarrow) ? "" : words.noSelection
    this.scope.setAttribute("aria-pressed", String(this.searcher.scope !== null))
    this.show()
  }

  private toggleReplacing() {
    let willShow = this.replaceRow.hidden !== false
    this.showReplacing(willShow)
    if (willShow) this.replacement.focus()
  }

  private async replaceAll() {
    let count = await this.searcher.replaceAll(this.replacement.value)
    this.said = count ? words.replaced(number(count)) : ""
    this.show()
  }

  private show() {
    let { matches, problem, query } = this.searcher
    let isInvalid = problem !== null
    this.find.setAttribute("aria-invalid", String(isInvalid))
    let trouble = problem === "slow" ? words.slow : problem ? words.invalid(problem.invalid) : ""
    setText(this.problem, trouble)
    this.problem.hidden = !trouble
    let count = matches ? this.counted(matches.count, matches.isCapped) : ""
    setText(this.count, this.said || (query.text ? count : ""))
    this.count.classList.toggle("cm-search-none", !this.said && matches?.count === 0)
  }

  private counted(count: number, isCapped: boolean): string {
    let { current } = this.searcher
    let all = number(count) + (isCapped ? "+" : "")
    if (count === 0) return words.none
    return current < 0 ? words.count(all) : words.at(number(current + 1), all)
  }

  private selectAll() {
    let count = this.searcher.selectAll(MOST_CURSORS)
    this.said = count ? words.selected(number(count), number(this.searcher.matches?.count ?? 0)) : ""
    this.show()
    if (count) this.view.focus()
  }

  private key(event: KeyboardEvent) {
    if (event.isComposing) return
    let flipped =
      event.altKey && !event.ctrlKey ? SWITCHES.findIndex(([, , code]) => code === event.code) : -1
    let mod = isMac ? event.metaKey : event.ctrlKey
    let isFind = event.target === this.find
    let isField = isFind || event.target === this.replacement
    if (event.key === "Escape") this.close()
    else if (flipped >= 0) this.flip(flipped)
    else if (event.altKey && event.code === "KeyL") this.narrow()
    else if (event.key === "Enter" && isField && event.altKey) this.selectAll()
    else if (event.key === "Enter" && isFind) this.step(event.shiftKey ? -1 : 1)
    else if (event.key === "Enter" && isField && mod) void this.replaceAll()
    else if (event.key === "Enter" && isField) void this.searcher.replaceOne(this.replacement.value)
    else if (!runScopeHandlers(this.view, event, "search-panel")) return
    // The editor would take these keys for its own.
    event.preventDefault()
    event.stopPropagation()
  }
}

function field(label: string): HTMLInputElement {
  let input = element("input", "cm-search-field")
  input.type = "text"
  input.placeholder = label
  input.setAttribute("aria-label", label)
  input.autocomplete = "off"
  input.autocapitalize = "none"
  input.spellcheck = false
  input.enterKeyHint = "search"
  return input
}

function button(label: string, keys?: string): HTMLButtonElement {
  let made = element("button", "cm-search-button")
  made.type = "button"
  made.title = keys ? `${label} (${keysShown(keys)})` : label
  made.setAttribute("aria-label", label)
  return made
}

function iconButton(label: string, path: string, keys?: string): HTMLButtonElement {
  let made = button(label, keys)
  made.append(icon(...path.split(/(?<=.)(?=M)/)))
  return made
}

function textButton(label: string, act: () => void): HTMLButtonElement {
  let made = button(label)
  made.classList.add("cm-search-words")
  made.textContent = label
  made.addEventListener("click", act)
  return made
}

function switchButton(name: (typeof SWITCHES)[number][0], sign: string): HTMLButtonElement {
  let [, , code] = SWITCHES.find(([known]) => known === name) ?? []
  let made = button(words[name], `Alt-${code?.slice(3)}`)
  made.classList.add("cm-search-switch", `cm-search-${name}`)
  // Drawn, not written: what is read out is the label.
  made.dataset.sign = sign
  return made
}

/** Only a difference is worth being read out. */
function setText(element: HTMLElement, text: string) {
  if (element.textContent !== text) element.textContent = text
}
