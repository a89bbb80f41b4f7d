import { Text } from "@codemirror/state"
import { describe, expect, it } from "vitest"
import {
  findPlaceholder,
  nameOf,
  personTag,
  picture,
  placeholder,
  placeholdersIn,
  readId,
  uploadId,
} from "../src/editor/images/placeholder"
import { pathIn } from "../src/editor/images/send"

const NOW = Date.UTC(2026, 10, 26)
const PATH = `/api/docs/notes/files/${"a5".repeat(32)}.png`

describe("a place for a picture", () => {
  it("is found again by its id, whatever was typed around it and into its name", () => {
    let [id, other] = [uploadId("ann", NOW), uploadId("ann", NOW)]
    expect(id).not.toBe(other)
    let first = placeholder("cat", id, true)
    let text = `# Cats\n\nbefore ${first} after ${placeholder("dog", other, true)}\n`
    let doc = Text.of(text.split("\n"))
    let found = findPlaceholder(doc, id)
    expect(found && text.slice(found.from, found.to)).toBe(first)
    expect(findPlaceholder(doc, uploadId("ann", NOW))).toBeUndefined()
    let renamed = text.replace("Uploading cat…", "My cat, 日本")
    let place = findPlaceholder(Text.of(renamed.split("\n")), id)
    expect(place?.alt).toBe("My cat, 日本")
    expect(findPlaceholder(Text.of(renamed.replace("](", "] (").split("\n")), id)?.alt).toBeNull()
  })

  it("becomes the picture under the name that somebody has given it, or its own", () => {
    let id = uploadId("ann", NOW)
    let [place] = placeholdersIn(placeholder("cat", id, true))
    if (!place) throw new Error("no place")
    expect(picture(place, "cat", PATH, "https://x.org")).toBe(`![cat](${PATH})`)
    expect(picture({ ...place, alt: "Mine" }, "cat", PATH, "https://x.org")).toBe(`![Mine](${PATH})`)
    let [bare] = placeholdersIn(placeholder("cat", id, false))
    if (!bare) throw new Error("no place")
    expect(picture(bare, "cat", PATH, "https://x.org")).toBe(`https://x.org${PATH}`)
  })

  it("is told from anything else", () => {
    let id = uploadId("ann", NOW)
    for (let text of [
      "uploading: x",
      "![a](uploading:)",
      "uploading:A-b-c",
      `uploading:${id}-more`,
      "![](x)",
    ])
      expect(placeholdersIn(text), text).toEqual([])
    let two = `uploading:${id} ![](uploading:${id})`
    expect(placeholdersIn(two, 10).map(({ from, to, alt }) => [from, to, alt])).toEqual([
      [10, 20 + id.length, null],
      [21 + id.length, 10 + two.length, ""],
    ])
  })

  it("says whose it is and how old, and not who that is", () => {
    let id = uploadId("guest:0123456789", NOW)
    expect(id).not.toContain("0123456789")
    expect(readId(id, NOW + 5 * 60_000)).toEqual({ person: personTag("guest:0123456789"), minutes: 5 })
    expect(personTag("ann")).not.toBe(personTag("ben"))
  })
})

describe("a picture's name", () => {
  it("comes from its file, and means nothing in Markdown", () => {
    for (let [file, name] of [
      ["IMG_2041.JPG", "IMG 2041"],
      ["Foto am See (2).jpeg", "Foto am See (2)"],
      ["a](javascript:x).png", "a)(javascript:x)"],
      ["![x].png", "(x)"],
      ["line\nbreak\u202e\u0000.png", "line break"],
      ["<img src=x>.png", "(img src=x)"],
      [".png", "Picture"],
      ["", "Picture"],
      ["日本.webp", "日本"],
      [`${"😀".repeat(200)}.gif`, "😀".repeat(80)],
    ] as const)
      expect(nameOf(file), file).toBe(name)
  })
})

describe("an answer", () => {
  it("is taken only if it says where the picture is on this server", () => {
    expect(pathIn({ path: PATH })).toBe(PATH)
    for (let path of [
      "https://evil.example/x.png",
      `//evil.example${PATH}`,
      PATH.replace("notes", "a)b"),
      PATH.replace("notes", "a b"),
      PATH.replace("files", "other"),
      `${PATH}#x`,
      "",
    ])
      expect(pathIn({ path }), path).toBeUndefined()
    expect(pathIn(null)).toBeUndefined()
  })
})
