/**
 * Puts a text on the clipboard, also where browsers do not offer one.
 * Knows no button.
 */

/** Whether the text is on the clipboard now. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

/** Browsers offer the clipboard only over https and on localhost; on a plain address this still works. */
function copyBySelection(text: string): boolean {
  let field = document.createElement("textarea")
  field.value = text
  field.className = "unseen"
  document.body.append(field)
  field.select()
  let copied = document.execCommand("copy")
  field.remove()
  return copied
}
