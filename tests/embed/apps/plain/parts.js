/** Everything that the module exports, for whoever tries it by hand. Knows no test. */
import * as codraft from "/codraft/standalone.js"

window.codraft = codraft
