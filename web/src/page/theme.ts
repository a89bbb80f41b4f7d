/**
 * The light or dark choice: a button that goes round, remembered by this browser.
 * Knows no colours; those follow from the attribute it sets.
 */
import { messages } from "../messages"
import { byId, icon } from "./dom"
import { recall, remember } from "./storage"

const KEY = "codraft.theme"
const THEMES = ["auto", "light", "dark"] as const
type Theme = (typeof THEMES)[number]

const ICONS: Record<Theme, string[]> = {
  auto: ["M10 3.2a6.8 6.8 0 1 0 0 13.6a6.8 6.8 0 1 0 0-13.6Z", "M10 3.2v13.6"],
  light: [
    "M10 6.8a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 1 0 0-6.4Z",
    "M10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18M4.3 4.3l1.3 1.3M14.4 14.4l1.3 1.3M4.3 15.7l1.3-1.3M14.4 5.6l1.3-1.3",
  ],
  dark: ["M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z"],
}

/** Wires the page's theme button. */
export function themeButton() {
  let button = byId("theme", HTMLButtonElement)
  let theme = recall(KEY, isTheme) ?? "auto"
  let show = () => {
    document.documentElement.dataset.theme = theme
    button.replaceChildren(icon(...ICONS[theme]))
    button.title = messages.theme[theme]
    button.setAttribute("aria-label", messages.theme[theme])
  }
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto"
    remember(KEY, theme)
    show()
  })
  show()
}

function isTheme(value: unknown): value is Theme {
  return THEMES.includes(value as Theme)
}
