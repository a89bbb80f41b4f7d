import { describe, expect, it } from "vitest"
import { addressAt, destination, isAddress, openable } from "../src/editor/format/address"
import { MARKS, toggleMark } from "../src/editor/format/inline"
import { toggleLink } from "../src/editor/format/link"
import { made, stateOf } from "./writer"

let bold = toggleMark(MARKS.bold)
let italic = toggleMark(MARKS.italic)
let strike = toggleMark(MARKS.strike)
let code = toggleMark(MARKS.code)

describe("bold", () => {
  it.each([
    ["a selection", "say «hello» there", "say **«hello»** there"],
    ["a selection made backwards", "say ‹hello› there", "say **‹hello›** there"],
    ["not the space around it", "say« hello »there", "say **«hello»** there"],
    ["the word at the cursor", "say hel¦lo there", "say **hel¦lo** there"],
    ["nothing yet, with the cursor inside", "say ¦", "say **¦**"],
    ["nothing yet, behind a word", "say¦", "say**¦**"],
    ["each line of its own", "«one\n\n- two»\n", "**«one**\n\n- **two»**\n"],
    ["a heading's words, not its sign", "«# Plan»", "# **«Plan»**"],
    [
      "cells, not their bars",
      "| a | b |\n| --- | --- |\n«| c | d |»",
      "| a | b |\n| --- | --- |\n| **«c** | **d»** |",
    ],
    ["at several cursors", "o¦ne t¦wo", "**o¦ne** **t¦wo**"],
    ["more than was bold", "«a **b** c»", "**«a b c»**"],
    ["what joins it", "**one**«two»", "**one«two»**"],
    ["from inside to outside", "**o«ne** two»", "**o«ne two»**"],
    ["from outside to inside", "«one **t»wo**", "**«one t»wo**"],
    ["code as a whole", "`o«n»e`", "**«`one`»**"],
    ["what is italic", "*«one»*", "***«one»***"],
    ["emoji as one", "«👩‍👩‍👧» x", "**«👩‍👩‍👧»** x"],
    ["Hebrew", "«שלום» x", "**«שלום»** x"],
    ["what ends in italic", "«one *two» three*", "**«one *two»*** *three*"],
    ["what begins in italic", "*one «two* three»", "*one* ***«two* three»**"],
    ["from the beginning of what is struck through", "~~«two~~ three»", "**~~«two~~ three»**"],
    ["to the end of what is struck through", "«one ~~two»~~ x", "**«one ~~two»~~** x"],
    ["what begins in the line before of a quote", "> *one\n> «two* three»", "> *one*\n> ***«two* three»**"],
    ["a part of what is italic", "*one «two» three*", "*one **«two»** three*"],
    ["what begins in struck through italic", "~~a *b «c*~~ d»", "~~a *b*~~ **~~*«c*~~ d»**"],
  ])("marks %s", (_, before, then) => {
    expect(made(before, bold)).toBe(then)
  })

  it.each([
    ["all of it", "say **«hello»** there", "say «hello» there"],
    ["it, selected with its marks", "say «**hello**» there", "say «hello» there"],
    ["it at a cursor inside", "say **hel¦lo** there", "say hel¦lo there"],
    ["a part of it", "**one «two» three**", "**one** «two» **three**"],
    ["its beginning", "**«one» two**", "«one» **two**"],
    ["its end", "**one «two»**", "**one** «two»"],
    ["what was just begun", "say **¦**", "say ¦"],
    ["each line", "**«one**\n**two»**", "«one\ntwo»"],
    ["two lines of it", "**«one\ntwo»**", "«one\ntwo»"],
    ["two of its three lines", "**«one\ntwo»\nthree**", "«one\ntwo»\n**three**"],
    ["two lines in a quote", "> **«one»\n> two**", "> «one»\n> **two**"],
    ["what begins italic in it behind words", "**x _«one» two_**", "**x** _«one»_ **_two_**"],
    ["what ends italic in it before words", "**one _two «three»_ four**", "**one _two_** _«three»_ **four**"],
    ["its second line", "**one\n«two»**", "**one**\n«two»"],
    ["its first line", "**«one»\ntwo**", "«one»\n**two**"],
    ["inside of italic", "***«one»***", "*«one»*"],
    [
      "a part of what is italic in it",
      "**one *two «three» four* five**",
      "**one *two*** *«three»* ***four* five**",
    ],
    ["the beginning of what is italic in it", "**_«one» two_**", "_«one»_ **_two_**"],
    ["all that is italic in it", "**one *«two»* three**", "**one** *«two»* **three**"],
    ["more than is italic in it", "**one «*two* three» four**", "**one** «*two* three» **four**"],
    ["with several cursors in one", "**o¦n¦e**", "o¦n¦e"],
  ])("takes away %s", (_, before, then) => {
    expect(made(before, bold)).toBe(then)
  })

  it("steps out at the end of what is bold", () => {
    expect(made("**one¦** two", bold)).toBe("**one**¦ two")
  })

  it("is no mark in code, and no key where nothing may be written or it is not Markdown", () => {
    expect(made("```\no¦ne\n```", bold)).toBe("```\no¦ne\n```")
    expect(made("o¦ne", bold, { readOnly: true })).toBeNull()
    expect(made("o¦ne", bold, { plain: true })).toBeNull()
  })
})

describe("the other marks", () => {
  it.each([
    ["«one»", italic, "*«one»*"],
    ["*«one»*", italic, "«one»"],
    ["***«one»***", italic, "**«one»**"],
    ["**¦**", italic, "***¦***"],
    ["*¦*", italic, "¦"],
    ["«one»", strike, "~~«one»~~"],
    ["~~«one»~~", strike, "«one»"],
    ["~~¦~~", strike, "¦"],
    ["«one»", code, "`«one»`"],
    ["`«one»`", code, "«one»"],
    ["`o«n»e`", code, "«one»"],
    ["«a`b»", code, "``«a`b»``"],
    ["«a``b`»", code, "``` «a``b`» ```"],
    ["``` «a``b`» ```", code, "«a``b`»"],
    ["`¦`", code, "¦"],
  ])("turn %j into %j", (before, command, then) => {
    expect(made(before, command)).toBe(then)
    if (before.includes("«") && !/[`*~]/.test(before)) expect(made(then, command)).toBe(before)
  })
})

describe("a link", () => {
  it.each([
    ["«words»", "[words](¦)"],
    ["wo¦rds", "[words](¦)"],
    ["say ¦", "say [¦]()"],
    ["«https://example.org/a»", "[¦](https://example.org/a)"],
    ["[wo¦rds](https://example.org)", "«words»"],
    ["[«words»](https://example.org)", "«words»"],
    ["«a» and «b»", "[a](¦) and [b](¦)"],
    ["```\n«words»\n```", "```\n«words»\n```"],
  ])("of %j is %j", (before, then) => {
    expect(made(before, toggleLink)).toBe(then)
  })

  it.each([
    ["[w¦ords](https://example.org/a)", "https://example.org/a"],
    ["[words](<https://exa¦mple.org>)", "https://example.org"],
    ["see https://exam¦ple.org/x now", "https://example.org/x"],
    ["see www.exam¦ple.org", "https://www.example.org"],
    ["<ben@exa¦mple.org>", "mailto:ben@example.org"],
    ["[w¦ords](javascript:alert(1))", null],
    ["[w¦ords](data:text/html,x)", null],
    ["[w¦ords](/api/docs)", null],
    ["[w¦ords]( JaVaScRiPt:alert(1))", null],
    ["[w¦ords](java\\script:alert(1))", null],
    ["[w¦ords](file:///etc/passwd)", null],
    ["plain w¦ords", null],
  ])("at %j leads to %j", (text, address) => {
    let state = stateOf(text)
    expect(addressAt(state, state.selection.main.head)).toBe(address)
  })

  it("goes nowhere but to the web and to mail", () => {
    expect(openable("http://example.org")).toBe("http://example.org")
    expect(openable("vbscript:x")).toBeNull()
    expect(openable("//example.org")).toBeNull()
    expect(isAddress("https://example.org")).toBe(true)
    expect(isAddress("https://exa mple.org")).toBe(false)
    expect(isAddress("example.org")).toBe(false)
  })

  it("keeps brackets that would end it", () => {
    expect(destination("https://example.org/a_(b)")).toBe("https://example.org/a_(b)")
    expect(destination("https://example.org/a)b")).toBe("https://example.org/a%29b")
  })
})
