/**
 * What the commands that write Markdown ask of its syntax tree.
 * Knows no command, and changes nothing.
 */
import { language, syntaxTree } from "@codemirror/language"
import type { EditorState, Line, SelectionRange } from "@codemirror/state"
import type { SyntaxNode } from "@lezer/common"

/** Blocks whose text means nothing but itself. */
const LITERAL = ["FencedCode", "CodeBlock", "HTMLBlock", "CommentBlock", "ProcessingInstructionBlock"]

/** Whether Markdown can be written here: the document is in it, and may be changed. */
export function canFormat(state: EditorState): boolean {
  return !state.readOnly && isMarkdown(state)
}

/** Whether the document is in Markdown. */
export function isMarkdown(state: EditorState): boolean {
  return state.facet(language)?.name === "markdown"
}

/** The innermost node called `name` that holds all of `from`–`to`. */
export function enclosing(
  state: EditorState,
  from: number,
  to: number,
  ...names: string[]
): SyntaxNode | null {
  let tree = syntaxTree(state)
  let found = upTo(tree.resolveInner(from, 1), to, names)
  // At the end of a node nothing of it lies to the right.
  return found ?? (from === to ? upTo(tree.resolveInner(from, -1), to, names) : null)
}

function upTo(node: SyntaxNode | null, to: number, names: readonly string[]): SyntaxNode | null {
  for (; node; node = node.parent) if (node.to >= to && names.includes(node.name)) return node
  return null
}

/** The code, HTML or comment that holds this place, if it is in one. */
export function literalAt(state: EditorState, pos: number): SyntaxNode | null {
  return enclosing(state, pos, pos, ...LITERAL)
}

/** The lines that a selection touches; one whose first place only ends it is not touched. */
export function linesOf(state: EditorState, ranges: readonly SelectionRange[]): Line[] {
  let lines: Line[] = []
  for (let { from, to, empty } of ranges) {
    let last = state.doc.lineAt(to)
    let end = !empty && last.from === to ? last.number - 1 : last.number
    for (let n = state.doc.lineAt(from).number; n <= end; n++) {
      if (n > (lines.at(-1)?.number ?? 0)) lines.push(state.doc.line(n))
    }
  }
  return lines
}
