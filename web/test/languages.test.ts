/** Which language is meant by a name, a fence or a file; and how a text in it is indented. */

import { ensureSyntaxTree } from "@codemirror/language"
import { EditorState } from "@codemirror/state"
import { expect, test } from "vitest"
import { indentIn } from "../src/editor/code"
import { languageCalled, languageOf, languageOfFile, languages } from "../src/editor/languages"
import { languagesFor } from "../src/page/language-choices"

test("no id, alias, extension or file name is taken twice", () => {
  for (let all of [
    languages.flatMap(({ id, aliases }) => [id, ...aliases]),
    languages.flatMap(({ extensions }) => extensions),
    languages.flatMap(({ files }) => files),
  ])
    expect(all).toEqual([...new Set(all)])
  expect(languages.map(({ name }) => name)).toEqual(
    languages.map(({ name }) => name).sort((a, b) => a.localeCompare(b, "en")),
  )
  for (let { id } of languages) expect(id).toMatch(/^[a-z]{1,40}$/)
})

test("a language is found by what people call it", () => {
  expect(languageOf("python")?.name).toBe("Python")
  expect(languageOf("py")).toBeUndefined()
  expect(languageCalled("PY")?.id).toBe("python")
  expect(languageCalled("c++")?.id).toBe("cpp")
  expect(languageCalled("nonsense")).toBeUndefined()
  expect(languageOfFile("src/notes.py")?.id).toBe("python")
  expect(languageOfFile("Dockerfile")?.id).toBe("dockerfile")
  expect(languageOfFile("web/app.d.TS")?.id).toBe("typescript")
  expect(languageOfFile("py")).toBeUndefined()
  expect(languageOfFile("notes.2026")).toBeUndefined()
})

test("every grammar loads, once, and reads its language", async () => {
  for (let language of languages) {
    let [support, again] = await Promise.all([language.load(), language.load()])
    expect(again).toBe(support)
    let state = EditorState.create({ doc: "x = 1 // { }\n<a>\n- b: 'c'\n", extensions: support })
    expect(ensureSyntaxTree(state, state.doc.length, 10_000)?.length, language.id).toBe(state.doc.length)
  }
}, 60_000)

test("code has a comment to toggle wherever its language has one", async () => {
  let without: string[] = []
  for (let { id, load } of languages) {
    let state = EditorState.create({ doc: "x", extensions: await load() })
    if (!state.languageDataAt("commentTokens", 0).length) without.push(id)
  }
  expect(without).toEqual(["diff", "json"])
}, 60_000)

test("a text says how it is indented", () => {
  expect(indentIn(["if a:", "  b", "  c", "d"])).toBe("  ")
  expect(indentIn(["if a:", "    b", "        c", "    d"])).toBe("    ")
  expect(indentIn(["{", "\ta", "}"])).toBe("\t")
  expect(indentIn(["a", "b"])).toBeUndefined()
  expect(indentIn([" * a comment", " * goes on"])).toBeUndefined()
})

test("what is typed in full comes first", () => {
  let offered = [
    { id: "cpp", name: "C++", beside: "", aliases: ["cc"] },
    { id: "csharp", name: "C#", beside: "", aliases: ["cs"] },
    { id: "css", name: "CSS", beside: "", aliases: ["css"] },
    { id: "python", name: "Python", beside: "", aliases: ["py"] },
    { id: "typescript", name: "TypeScript", beside: "", aliases: ["ts"] },
  ]
  let found = (typed: string) => languagesFor(typed, offered).map(([{ id }]) => id)
  expect(found("")).toEqual(offered.map(({ id }) => id))
  expect(found("cs")[0]).toBe("csharp")
  expect(found(".py")).toEqual(["python"])
  expect(found("script")).toEqual(["typescript"])
  expect(found("zzz")).toEqual([])
})
