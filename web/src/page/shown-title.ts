/**
 * What the document of this page is called at the moment, for whoever says it: the share dialog, the name of an export.
 * Knows nobody who changes it.
 */

let shown = ""

/** What the document is called: what people called it, or its first line, or its name. */
export function shownTitle(): string {
  return shown
}

/** Notes what it is called from now on. */
export function noteTitle(title: string) {
  shown = title
}
