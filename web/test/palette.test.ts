import { describe, expect, it } from "vitest"
import { inkOn, luminance, palette } from "../src/palette"

function contrast(a: string, b: string): number {
  let [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

/** How linear colours look where a cone is missing: Machado, Oliveira and Fernandes 2009, severity 1. */
const SIGHTS: Record<string, number[][]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopic: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopic: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopic: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function linear(color: string): number[] {
  return [1, 3, 5].map(at => {
    let channel = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
}

function times(matrix: number[][], vector: number[]): number[] {
  let sum = (row: number[]) => row.reduce((sum, factor, i) => sum + factor * (vector[i] ?? 0), 0)
  return matrix.map(row => Math.min(1, Math.max(0, sum(row))))
}

/** OKLab of a linear colour, times 100. */
function oklab(color: number[]): number[] {
  let cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    color,
  ).map(Math.cbrt)
  let [l = 0, m = 0, s = 0] = cones
  return [
    21.04542553 * l + 79.3617785 * m - 0.40720468 * s,
    197.79984951 * l - 242.8592205 * m + 45.05937099 * s,
    2.59040371 * l + 78.27717662 * m - 80.8675766 * s,
  ]
}

function distance(a: number[], b: number[]): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)))
}

describe("the palette", () => {
  it.each(palette)("$key reads well under its name and on both papers", ({ color, light }) => {
    expect(contrast(color, inkOn(color))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(color, "#fcfbf8")).toBeGreaterThanOrEqual(3)
    expect(contrast(color, "#17181b")).toBeGreaterThanOrEqual(3)
    expect(contrast(light, "#000000")).toBeGreaterThanOrEqual(12)
  })
  it.each(Object.entries(SIGHTS))("is ten colours to %s sight", (_, matrix) => {
    let seen = palette.map(({ key, color }) => ({ key, lab: oklab(times(matrix, linear(color))) }))
    let close = seen.flatMap((a, i) =>
      seen
        .slice(0, i)
        .map(b => ({ pair: `${a.key} and ${b.key}`, apart: distance(a.lab, b.lab) }))
        .filter(({ apart }) => apart < 6),
    )
    expect(close).toEqual([])
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
