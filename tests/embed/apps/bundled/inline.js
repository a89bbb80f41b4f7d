/** An app on a host that cannot serve wasm. Knows where its document is from the page's address. */
import "codraft/inline"
import "codraft/define"

let address = new URLSearchParams(location.search)
let editor = document.querySelector("codraft-editor")
for (let [name, value] of address) editor.setAttribute(name, value)
