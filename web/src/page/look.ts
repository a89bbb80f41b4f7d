/**
 * What the settings say about letters and columns, as the custom properties that every view of the text reads:
 * `--prose`, `--text-size` and `--text-width`.
 * Knows no view.
 */
import { type Settings, settings } from "./settings"

/** The usual size of the text. */
const USUAL_REM = 1.0625
/** How wide a column is. */
const COLUMNS: Record<Settings["width"], string> = {
  narrow: "38rem",
  medium: "46rem",
  wide: "64rem",
  full: "100%",
}
const FONTS: Record<Settings["font"], string> = {
  sans: "var(--ui)",
  serif: "var(--serif)",
  mono: "var(--mono)",
}

/** Keeps the properties at what is chosen. */
export function followLook() {
  settings.follow(({ font, fontSize, width }) => {
    let { style } = document.documentElement
    style.setProperty("--prose", FONTS[font])
    style.setProperty("--text-size", `${(USUAL_REM * fontSize) / 100}rem`)
    style.setProperty("--text-width", COLUMNS[width])
  })
}
