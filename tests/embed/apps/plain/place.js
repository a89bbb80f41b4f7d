/** Tells every editor of the page where its document is: the address of the page says so. Knows no test. */
let address = new URLSearchParams(location.search)
for (let editor of document.querySelectorAll("codraft-editor")) {
  for (let [name, value] of address) if (!editor.hasAttribute(name)) editor.setAttribute(name, value)
}
