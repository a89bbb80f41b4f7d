/**
 * Photos without what the camera has noted in them: where and when, with what, and a small copy of the whole picture.
 * Knows how a JPEG is put together (ITU T.81 B.1.1, Exif 2.32 §4.5); a picture that it cannot follow stays as it is.
 */

const SOI = 0xd8
const SOS = 0xda
/** Exif and XMP, what agencies note (IPTC), comments. */
const NOTES = [0xe1, 0xed, 0xfe]
/** Colours, which a picture is not the same without, come first in a file: JFIF, then Exif. */
const JFIF = 0xe0
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0]
const ORIENTATION = 0x0112
/** Entries in a list of notes that are looked through. */
const ENTRIES = 200

/** The same picture without notes, if it is a photo. */
export async function withoutNotes(file: File): Promise<File> {
  if (file.type !== "image/jpeg") return file
  let parts = bareJpeg(new Uint8Array(await file.arrayBuffer()))
  return parts ? new File(parts, file.name, { type: file.type }) : file
}

/** What of a JPEG is the picture itself, and how it was held; null when there is nothing to leave out. */
export function bareJpeg(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null
  let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let kept = [bytes.subarray(0, 2)]
  let orientation = 0
  let at = 2
  for (; bytes[at + 1] !== SOS; ) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) return null
    let marker = bytes[at + 1] ?? 0
    let end = at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) return null
    let segment = bytes.subarray(at, end)
    if (NOTES.includes(marker)) orientation ||= orientationIn(segment)
    else kept.push(segment)
    at = end
  }
  let isBare = kept.reduce((sum, { length }) => sum + length, 0) === at
  if (isBare) return null
  let first = kept[1]?.[1] === JFIF ? 2 : 1
  if (orientation > 1) kept.splice(first, 0, held(orientation))
  return [...kept, bytes.subarray(at)]
}

/** How the camera was held, 1 to 8; 0 where that is not noted. */
function orientationIn(segment: Uint8Array): number {
  if (!EXIF.every((byte, i) => segment[4 + i] === byte)) return 0
  let tiff = new DataView(segment.buffer, segment.byteOffset + 10, segment.length - 10)
  if (tiff.byteLength < 8) return 0
  let isLittle = tiff.getUint16(0) === 0x4949
  let list = tiff.getUint32(4, isLittle)
  if (list + 2 > tiff.byteLength) return 0
  let count = Math.min(tiff.getUint16(list, isLittle), ENTRIES)
  for (let entry = list + 2; count-- > 0 && entry + 12 <= tiff.byteLength; entry += 12) {
    if (tiff.getUint16(entry, isLittle) !== ORIENTATION) continue
    let value = tiff.getUint16(entry + 8, isLittle)
    return value <= 8 ? value : 0
  }
  return 0
}

/** A note of how the camera was held, and of nothing else. */
function held(orientation: number): Uint8Array<ArrayBuffer> {
  let list = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  let tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, ...list]
  return Uint8Array.of(0xff, 0xe1, 0, 2 + EXIF.length + tiff.length, ...EXIF, ...tiff)
}
