/**
 * The words of the preview and of what leaves the page, which are loaded with them.
 * Knows no element and no state: only what is said, not when.
 */
export const messages = {
  label: (name: string) => `${name}, as it reads`,
  loading: "Loading…",
  empty: "Nothing is written here yet.",
  failed: "The text could not be shown like this. It is all there in Write.",
  tooLong: "This text takes too long to show like this. It is all there in Write.",
  newTab: "opens in a new tab",
  anchor: (heading: string) => `Link to “${heading}”`,
  copy: "Copy",
  copyCode: "Copy this code",
  copied: "Copied",
  copyFailed: "Could not be copied",
  image: "Image",
  foreignImage: (host: string) => `Image from ${host}`,
  foreignWhy: "Open it in a new tab. It is not loaded here, so that nobody is told that you read this.",
  uploading: (alt: string) => alt || "An image is being uploaded…",
  diagram: "Diagram",
  diagramWaits: "Drawing the diagram…",
  diagramFailed: "This diagram cannot be drawn:",
  diagramSlow: "it takes too long to draw.",
  diagramBlank: "nothing came of it.",
  formulaTooLong: (most: number) => `A formula has at most ${most} characters.`,
  formulaTooDeep: "This formula is nested too deeply.",

  exportFailed: "The file could not be made. Try again.",
  printFailed: "Printing could not be prepared. Try again.",
  copyRichDone: "Copied: paste it where text has a look.",
  copyPlainDone: "Copied as Markdown.",
  untitled: "document",
}
