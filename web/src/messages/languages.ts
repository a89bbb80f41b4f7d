/**
 * The words of the list of languages, which is loaded when somebody asks for it.
 * Knows no element.
 */
export const picker = {
  title: "Language of the text",
  placeholder: "Type a language or the end of a file name",
  note: "Everybody who has this document sees it in this language.",
  nothing: "No language is called that.",
  markdown: "with headings, lists and a preview",
  plain: "just the letters",
}
