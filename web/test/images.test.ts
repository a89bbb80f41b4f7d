import { expect, it } from "vitest"
import { isWords } from "../src/editor/images"

function carrying(what: Record<string, string>) {
  return { getData: (type: string) => what[type] ?? "" }
}

it("a picture is meant unless words come with it in a form of their own", () => {
  let html = "<table><tr><td>1</td></tr></table>"
  expect(isWords(carrying({ "text/html": html, "text/plain": "1\t2" })), "cells of a sheet").toBe(true)
  expect(isWords(carrying({ "text/html": "<img src=x>" })), "a picture of another page").toBe(false)
  expect(isWords(carrying({ "text/plain": "otter.png" })), "a file").toBe(false)
  expect(isWords(carrying({})), "a screenshot").toBe(false)
  expect(isWords(null)).toBe(false)
})
