/**
 * The headings of a Markdown text, line by line, for finding one's way in it.
 * Knows no syntax tree: it reads a megabyte in a few milliseconds, drawn or not.
 */
import type { Text } from "@codemirror/state"
import type { Heading } from "../page/choices"
import { unmarked } from "../page/unmarked"

const FENCE = /^ {0,3}(`{3,}|~{3,})/
/** What is looked at of a line. */
const LINE_LENGTH = 300

/** The headings of `text`, in its order. */
export function headingsOf(text: Text): readonly Heading[] {
  let found: Heading[] = []
  let fence = ""
  let before = ""
  let line = 0
  for (let whole of text.iterLines()) {
    let words = whole.slice(0, LINE_LENGTH)
    line++
    let [, opened = ""] = FENCE.exec(words) ?? []
    if (fence) {
      if (opened.startsWith(fence)) fence = ""
    } else if (opened) fence = opened
    else {
      let [, marks = "", own = ""] = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(words) ?? []
      if (marks && own) found.push({ text: plain(own), level: marks.length, line })
      let [, under] = /^ {0,3}(=|-)\1*\s*$/.exec(words) ?? []
      if (under && isParagraph(before))
        found.push({ text: plain(before), level: under === "=" ? 1 : 2, line: line - 1 })
    }
    before = fence ? "" : words
  }
  return found.filter(({ text }) => text)
}

/** Whether a line can be underlined to a heading. */
function isParagraph(line: string): boolean {
  return /^ {0,3}[^\s#>+*|-]/.test(line) && !/^ {0,3}\d{1,9}[.)]\s/.test(line)
}

/** A heading's words without the marks around them. */
function plain(words: string): string {
  return unmarked(words.replace(/[ \t]+#+[ \t]*$/, "")).trim()
}
