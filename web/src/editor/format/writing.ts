/**
 * The keys of somebody who writes Markdown: formats, lists that go on, tables, links that are pasted.
 * Knows how little of it is needed at once: what only some texts need is loaded when they do.
 */
import { type Extension, Prec } from "@codemirror/state"
import { type Command, keymap } from "@codemirror/view"
import { formatKeys } from "./keys"
import { continueList, deleteMark, nestItems, unnestItems } from "./lists"
import { paste } from "./paste"
import { tables } from "./tables"

/** Everything that helps writing Markdown, as far as the keyboard and the clipboard go. */
export function writing(): Extension {
  return [
    tables(),
    paste(),
    // Above the keys of every text: there Tab writes spaces and Enter only ends a line.
    Prec.high(
      keymap.of([
        ...formatKeys,
        { key: "Enter", run: continueList },
        { key: "Backspace", run: deleteMark },
        { key: "Tab", run: nestItems as Command, shift: unnestItems as Command },
      ]),
    ),
  ]
}
