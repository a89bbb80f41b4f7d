/**
 * The colours of code, in both themes, wherever it stands.
 * Knows no language. Each colour has a contrast of at least 4.5:1 on the paper of its theme.
 */
import { HighlightStyle } from "@codemirror/language"
import { tags } from "@lezer/highlight"

const keyword = "light-dark(#9b2393, #e48bd8)"
const string = "light-dark(#a3401f, #e9a27c)"
const number = "light-dark(#1c5fb0, #8fb8f5)"
const name = "light-dark(#1f6f78, #7fcbd3)"
const type = "light-dark(#6a4bb5, #bda5f5)"
const comment = "light-dark(#67715f, #9aa58f)"
const added = "light-dark(#25793f, #67c587)"
const removed = "light-dark(#b3261e, #ff9a8d)"

/** The colours, for the text of code documents and for what is fenced in Markdown. */
export const codeStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.self], color: keyword },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue], color: string },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.escape, tags.unit, tags.color], color: number },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.labelName], color: name },
  { tag: [tags.definition(tags.variableName), tags.definition(tags.propertyName)], color: name },
  { tag: [tags.typeName, tags.className, tags.namespace, tags.macroName, tags.annotation], color: type },
  { tag: [tags.tagName, tags.standard(tags.variableName), tags.standard(tags.name)], color: keyword },
  { tag: [tags.attributeName, tags.propertyName], color: name },
  { tag: [tags.meta, tags.documentMeta, tags.processingInstruction], color: comment },
  {
    tag: [tags.comment, tags.lineComment, tags.blockComment, tags.docComment],
    color: comment,
    fontStyle: "italic",
  },
  { tag: tags.inserted, color: added },
  { tag: tags.deleted, color: removed },
  { tag: tags.heading, color: type, fontWeight: "700" },
  { tag: tags.invalid, color: removed, textDecoration: "underline wavy" },
])
