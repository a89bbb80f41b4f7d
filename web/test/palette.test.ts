import { describe, expect, it } from "vitest"
import { inkOn, luminance, palette } from "../src/palette"

function contrast(a: string, b: string): number {
  let [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

describe("the palette", () => {
  it.each(palette)("$key reads well under its name and on both papers", ({ color, light }) => {
    expect(contrast(color, inkOn(color))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(color, "#fcfbf8")).toBeGreaterThanOrEqual(3)
    expect(contrast(color, "#17181b")).toBeGreaterThanOrEqual(3)
    expect(contrast(light, "#000000")).toBeGreaterThanOrEqual(12)
  })
  it("has no colour twice", () => {
    expect(new Set(palette.map(({ color }) => color)).size).toBe(palette.length)
  })
  it("puts dark letters on the bright colours of other programs", () => {
    expect([inkOn("#ffee00"), inkOn("#30bced33"), inkOn("#102030")]).toEqual([
      "#000000",
      "#000000",
      "#ffffff",
    ])
  })
})
