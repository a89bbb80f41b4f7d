/**
 * Gives the person a text as a file.
 * Knows no document.
 */

/** Has the browser save a text under a name, as it saves what is downloaded. */
export function saveFile(name: string, text: string) {
  let link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }))
  // Names of documents may have slashes in them, which no file's has.
  link.download = `${name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, "-").slice(0, 100)}.txt`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
