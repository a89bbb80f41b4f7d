/**
 * The colours people are told apart by.
 * Knows no theme: every one carries black or white text (≥ 4.5:1) and stands out from both papers (≥ 3:1).
 */

/** A colour a person can choose. */
export interface PeerColor {
  readonly key: keyof typeof import("./messages").messages.colors
  /** Of the caret, the name and the avatar. */
  readonly color: string
  /** Of selections, where another editor draws them behind dark text. */
  readonly light: string
}

/**
 * Ten hues, some lighter and some darker: hue alone would not tell them apart to those who see fewer. No two come closer
 * than 6 in 100 of OKLab, whichever cone is missing (test/palette.test.ts).
 */
export const palette: readonly [PeerColor, ...PeerColor[]] = [
  { key: "blue", color: "#1193f8", light: "#d4eaff" },
  { key: "red", color: "#e0716c", light: "#ffddda" },
  { key: "green", color: "#527355", light: "#d5f1d7" },
  { key: "violet", color: "#8a4bc1", light: "#efe1ff" },
  { key: "orange", color: "#a84811", light: "#ffdfd0" },
  { key: "teal", color: "#068f99", light: "#c6f2f1" },
  { key: "pink", color: "#ee238b", light: "#ffdceb" },
  { key: "olive", color: "#999503", light: "#e5edcb" },
  { key: "indigo", color: "#6d51fc", light: "#e0e6ff" },
  { key: "amber", color: "#a17432", light: "#fae4c7" },
]

/** Black or white, whichever reads better on `color`; other programs choose colours of their own. */
export function inkOn(color: string): string {
  return luminance(color) > 0.179 ? "#000000" : "#ffffff"
}

/** Relative luminance as WCAG defines it, of a colour written `#rrggbb`. */
export function luminance(color: string): number {
  let [r = 0, g = 0, b = 0] = [1, 3, 5].map(at => {
    let channel = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
