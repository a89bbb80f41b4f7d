/**
 * `codraft/define`: makes the tags known, and exports nothing.
 * Knows that there may be no browser.
 */
import { defineElements } from "./elements"

defineElements()
