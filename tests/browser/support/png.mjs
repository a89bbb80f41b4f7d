/**
 * Pictures for tests: PNGs of one colour, as large as it is said, and files that only pretend.
 * Knows the format, and no page.
 */
import { deflateSync } from "node:zlib"

/** A PNG of one colour, `[red, green, blue]`. Noise makes it hard to compress: some 3 bytes for each dot. */
export function png(width, height, colour = [200, 80, 40], noise = false) {
  let row = y => {
    let dots = Array.from({ length: width }, (_, x) => (noise ? colour.map(c => (c * (x * 7919 + y * 104729 + 13)) & 255) : colour))
    return [0, ...dots.flat()]
  }
  let rows = Buffer.from(Array.from({ length: height }, (_, y) => row(y)).flat())
  let head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  let level = noise ? 0 : 9
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows, { level })),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

/** A file as a page is given it. */
export function file(name, buffer = png(60, 40), mimeType = "image/png") {
  return { name, mimeType, buffer }
}

function chunk(kind, body) {
  let named = Buffer.concat([Buffer.from(kind, "latin1"), body])
  let [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

function crc32(bytes) {
  let crc = 0xffffffff
  for (let byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
