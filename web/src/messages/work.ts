/**
 * The words of the workplace's dialogs: palette, shortcuts, settings, about. Loaded with them.
 * Knows no element and no state.
 */
import { count } from "./number"

export const palette = {
  title: "Commands",
  placeholder: "What would you like to do?",
  help: "Type “:” and a number to go to a line, “@” to go to a heading.",
  nothing: {
    action: "Nothing is called that.",
    line: "Type the number of a line.",
    heading: "There is no such heading.",
  },
  on: "on",
  line: (line: number) => `Go to line ${count(line)}`,
  ofLines: (lines: number) => `of ${count(lines)}`,
  heading: (level: number, line: number) => `level ${level}, line ${count(line)}`,
}

/** What leads elsewhere, as the palette has it. */
export const doors = {
  own: "Your name and colour…",
  share: "Share…",
  start: "New or recent document…",
}

/** Other words for what can be done, by the action: whoever types one of these finds it, too. */
export const otherWords: Readonly<Record<string, string>> = {
  "edit.find": "search",
  "edit.replace": "search substitute",
  "edit.line": "jump",
  "edit.heading": "jump section table of contents toc",
  "insert.image": "picture photo upload file",
  "format.strike": "cross out",
  "format.link": "url hyperlink address",
  "format.bullets": "unordered points ul",
  "format.numbers": "ordered ol",
  "format.tasks": "checkbox checklist todo",
  "format.quote": "blockquote citation",
  "format.rule": "divider separator line hr",
  "format.table": "grid rows columns",
  "view.larger": "zoom in bigger font size",
  "view.smaller": "zoom out font size",
  "view.usualSize": "reset zoom font 100",
  "view.wrap": "soft",
  "view.whitespace": "invisible characters",
  "view.theme.auto": "mode appearance",
  "view.theme.light": "mode bright day appearance",
  "view.theme.dark": "mode night black appearance",
  "view.settings": "preferences options configure",
  "view.images": "pictures photos",
  "view.outline": "table of contents toc headings sidebar",
  "view.toolbar": "toolbar",
  "view.write": "edit source",
  "view.split": "preview both",
  "view.read": "preview view rendered",
  "people.list": "participants users online follow",
  "people.announce": "notifications joined left",
  "people.own": "my profile nickname color avatar",
  "people.share": "invite copy link url access permissions",
  "document.start": "create open files home page",
  "document.rename": "title name call",
  "document.language": "syntax highlighting code mode",
  "document.export.md": "export save file",
  "document.export.html": "export save file site",
  "document.export.txt": "export save file",
  "document.copy.rich": "formatted word docs mail html with its look",
  "document.print": "pdf paper",
  "document.forget": "delete remove clear offline copy",
  "settings.font.serif": "font typeface",
  "settings.font.sans": "font typeface",
  "settings.font.mono": "font typeface code",
  "settings.keymap.vim": "keymap keybindings modal vi",
  "settings.keymap.emacs": "keymap keybindings",
  "settings.keymap.standard": "keymap keybindings usual",
  "settings.width.full": "full maximum",
  "help.keys": "hotkeys help keybindings",
  "help.about": "version licence license help",
}

export const vim = { mode: "Vim’s mode" }

export const settings = {
  title: "Settings",
  kept: "Kept in this browser, for all documents. Other people see no difference.",
  reset: "Back to the usual",
  looks: "Looks",
  theme: "Theme",
  themes: { auto: "System", light: "Light", dark: "Dark" },
  font: "Letters",
  fonts: { sans: "Sans", serif: "Serif", mono: "Mono" },
  fontSize: "Text size",
  percent: (size: number) => `${size} %`,
  width: "Width of the text",
  widths: { narrow: "Narrow", medium: "Medium", wide: "Wide", full: "As wide as the window" },
  text: "Text",
  wrap: "Wrap long lines",
  lineNumbers: "Line numbers",
  numberings: { auto: "In code", on: "Always", off: "Never" },
  whitespace: "Show spaces and tabs",
  spellcheck: "Check spelling",
  keyboard: "Keys and page",
  keymap: "Keys",
  keymaps: { standard: "As in most editors", vim: "Vim", emacs: "Emacs" },
  toolbar: "Show the formatting buttons",
  announcements: "Tell who comes and goes",
}

export const shortcuts = {
  title: "Keyboard shortcuts",
  filter: "Filter",
  none: "Nothing is called that.",
  editor: "In the text",
  followedBy: "then",
  keymap: { vim: "Vim’s keys come first in the text.", emacs: "Emacs’ keys come first in the text." },
  click: "click",
  /** Keys that CodeMirror has, by what they do; a Mac's where they are others. */
  own: [
    { does: "Select everything", keys: ["Mod-a"] },
    { does: "By word", keys: ["Mod-ArrowLeft", "Mod-ArrowRight"], mac: ["Alt-ArrowLeft", "Alt-ArrowRight"] },
    {
      does: "To the start, to the end",
      keys: ["Mod-Home", "Mod-End"],
      mac: ["Mod-ArrowUp", "Mod-ArrowDown"],
    },
    { does: "Move the line", keys: ["Alt-ArrowUp", "Alt-ArrowDown"] },
    { does: "Copy the line", keys: ["Shift-Alt-ArrowUp", "Shift-Alt-ArrowDown"] },
    { does: "Delete the line", keys: ["Mod-Shift-k"] },
    { does: "Select the line", keys: ["Alt-l"], mac: ["Ctrl-l"] },
    { does: "Indent, the other way", keys: ["Mod-]", "Mod-["] },
    { does: "Comment in code", keys: ["Mod-/"] },
    { does: "To the matching bracket", keys: ["Mod-Shift-\\"] },
    { does: "Next match, the one before", keys: ["F3", "Shift-F3"] },
    { does: "Also the next one like the selection", keys: ["Mod-d"] },
    { does: "Everything like the selection", keys: ["Mod-Shift-l"] },
    { does: "One more cursor above, below", keys: ["Mod-Alt-ArrowUp", "Mod-Alt-ArrowDown"] },
    { does: "One more cursor there", keys: ["Alt-click"] },
    { does: "One cursor again", keys: ["Escape"] },
    { does: "Leave the text", keys: ["Escape Tab"] },
  ] as readonly { does: string; keys: readonly string[]; mac?: readonly string[] }[],
}

export const about = {
  title: "About Codraft",
  version: (version: string) => `Version ${version}`,
  what: "A server and an editor for writing together: what says Saved is on the server’s disk.",
  licence: "Free software under the MIT licence or the Apache licence 2.0, whichever you prefer.",
}
