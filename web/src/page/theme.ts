/**
 * Light or dark: what the page does about the choice, and the start page's button that goes round.
 * Knows no colours; those follow from the attribute it sets.
 */
import { messages } from "../messages"
import { byId, icon } from "./dom"
import { type Settings, settings, THEMES } from "./settings"

type Theme = Settings["theme"]

const ICONS: Record<Theme, string[]> = {
  auto: ["M10 3.2a6.8 6.8 0 1 0 0 13.6a6.8 6.8 0 1 0 0-13.6Z", "M10 3.2v13.6"],
  light: [
    "M10 6.8a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 1 0 0-6.4Z",
    "M10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18M4.3 4.3l1.3 1.3M14.4 14.4l1.3 1.3M4.3 15.7l1.3-1.3M14.4 5.6l1.3-1.3",
  ],
  dark: ["M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z"],
}

/** Keeps the page in the theme that is chosen. */
export function followTheme() {
  settings.follow(({ theme }) => {
    document.documentElement.dataset.theme = theme
  })
}

/** Chooses the next theme. */
export function nextTheme() {
  let { theme } = settings.now
  settings.set({ theme: THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto" })
}

/** Wires the page's theme button. */
export function themeButton() {
  let button = byId("theme", HTMLButtonElement)
  button.addEventListener("click", nextTheme)
  settings.follow(({ theme }) => {
    button.replaceChildren(icon(...ICONS[theme]))
    button.title = messages.theme[theme]
    button.setAttribute("aria-label", messages.theme[theme])
  })
}
