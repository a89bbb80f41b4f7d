/**
 * `codraft/standalone`: everything in one module for a `<script>`, the tags known, CodeMirror inside.
 * Knows what an app without a bundler needs besides: the very CodeMirror that its extensions have to come from.
 */
import * as commands from "@codemirror/commands"
import * as language from "@codemirror/language"
import * as state from "@codemirror/state"
import * as view from "@codemirror/view"
import { defineElements } from "./elements"

export { codraft } from "./codemirror"
export * from "./elements"
export { createSession } from "./index"

/** The parts of CodeMirror that are inside. */
export const codemirror = { commands, language, state, view }

defineElements()
