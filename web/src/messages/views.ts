/**
 * The words of the views of a text, and of what can be taken along of it, which are loaded with them.
 * Knows no element and no state: only what is said, not when.
 */
export const messages = {
  /** A text as it is written, as it reads, or both. */
  views: {
    label: "View",
    names: { write: "Write", split: "Split", read: "Read" },
    hints: { write: "Write", split: "Write and read side by side", read: "Read" },
    actions: { write: "Write", split: "Write and read side by side", read: "Read" },
    notLoaded: "The preview could not be loaded. Check the connection and try again.",
  },

  /** Taking a text along. */
  taking: {
    markdown: "Download as Markdown",
    text: "Download as plain text",
    page: "Download as a web page",
    copyRich: "Copy as rich text",
    copyMarkdown: "Copy as Markdown",
    print: "Print…",
    failed: "That did not work. Check the connection and try again.",
    copied: "Copied",
    copyFailed: "The browser did not let the text be copied.",
  },
}
