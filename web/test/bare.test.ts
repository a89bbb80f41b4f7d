import { describe, expect, it } from "vitest"
import { bareJpeg, withoutNotes } from "../src/editor/images/bare"

const PLACE = "48 12 N 16 22 E"

function segment(marker: number, body: number[]): number[] {
  return [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]
}

function text(words: string): number[] {
  return [...new TextEncoder().encode(words)]
}

/** Exif with an orientation among other things, in either order of bytes. */
function exif(orientation: number, isLittle: boolean): number[] {
  let order = (bytes: number[]) => (isLittle ? [...bytes].reverse() : bytes)
  let entry = (tag: number, value: number) => [
    ...order([tag >> 8, tag & 255]),
    ...order([0, 3]),
    ...order([0, 0, 0, 1]),
    ...order([0, value]),
    0,
    0,
  ]
  let list = [...order([0, 2]), ...entry(0x8825, 1), ...entry(0x0112, orientation), 0, 0, 0, 0]
  let head = isLittle ? [0x49, 0x49, 0x2a, 0] : [0x4d, 0x4d, 0, 0x2a]
  return segment(0xe1, [...text("Exif\0\0"), ...head, ...order([0, 0, 0, 8]), ...list, ...text(PLACE)])
}

const JFIF = segment(0xe0, text("JFIF\0"))
const COLOURS = segment(0xe2, text("ICC_PROFILE\0"))
const PICTURE = [
  ...segment(0xdb, [1, 2, 3]),
  ...segment(0xda, [1]),
  9,
  0xff,
  0,
  9,
  0xff,
  0xe1,
  0,
  3,
  7,
  0xff,
  0xd9,
]

function jpeg(...segments: number[][]) {
  return Uint8Array.from([0xff, 0xd8, ...segments.flat(), ...PICTURE])
}

function bare(bytes: Uint8Array<ArrayBuffer>): number[] | null {
  return bareJpeg(bytes)?.flatMap(part => [...part]) ?? null
}

describe("a photo", () => {
  it("loses what the camera has noted, and stays as it was held", () => {
    for (let isLittle of [true, false]) {
      let made = bare(jpeg(JFIF, exif(6, isLittle), segment(0xe1, text("http://ns.adobe.com/ GPS")), COLOURS))
      expect(made && String.fromCharCode(...made)).not.toContain(PLACE)
      let held = [0xff, 0xe1, 0, 34, ...text("Exif\0\0"), 0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1]
      let entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
      expect(made).toEqual([0xff, 0xd8, ...JFIF, ...held, ...entry, ...COLOURS, ...PICTURE])
    }
  })

  it("needs no note where it was held upright, and none where nothing was noted", () => {
    expect(bare(jpeg(exif(1, true), JFIF))).toEqual([...jpeg(JFIF)])
    expect(bare(jpeg(segment(0xfe, text("a comment"))))).toEqual([...jpeg()])
    expect(bare(jpeg(JFIF, COLOURS)), "there is nothing to leave out").toBeNull()
  })

  it("stays as it is where it cannot be followed", () => {
    let whole = jpeg(exif(6, true))
    for (let end = 0; end < whole.length - PICTURE.length; end++)
      expect(bare(whole.slice(0, end)), String(end)).toBeNull()
    expect(bare(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]))).toBeNull()
    let odd = segment(0xe1, [...text("Exif\0\0"), 0x49, 0x49, 0x2a, 0, 255, 255, 255, 127])
    expect(bare(jpeg(odd))).toEqual([...jpeg()])
  })

  it("is a file as before, and what is none is left alone", async () => {
    let file = new File([jpeg(exif(3, false))], "a.jpg", { type: "image/jpeg" })
    let made = await withoutNotes(file)
    expect([made.name, made.type, made.size < file.size]).toEqual(["a.jpg", "image/jpeg", true])
    let other = new File([jpeg(exif(3, false))], "a.png", { type: "image/png" })
    expect(await withoutNotes(other)).toBe(other)
  })
})
