/** What is found among recent documents, and under which heading it stands. */
import { expect, test } from "vitest"
import { ageOf, recentsFor } from "../src/page/recent-search"

const list = [
  { name: "quiet-otter-7k3fm-2xq9d", title: "Gärten im Frühling", at: 3 },
  { name: "notes/2026", title: "Minutes of Monday", at: 2 },
  { name: "notes/2025", title: "", at: 1 },
]

test("every word that is typed has to stand in the title or the name", () => {
  let found = (typed: string) => recentsFor(typed, list).map(({ at }) => at)
  expect(found("")).toEqual([3, 2, 1])
  expect(found("  ")).toEqual([3, 2, 1])
  expect(found("garten FRUHLING")).toEqual([3])
  expect(found("monday notes")).toEqual([2])
  expect(found("notes")).toEqual([2, 1])
  expect(found("otter")).toEqual([3])
  expect(found("notes/2027")).toEqual([])
})

test("days are those of the calendar", () => {
  let now = new Date(2026, 10, 26, 0, 30).getTime()
  let ages = (...days: number[]) =>
    days.map(day => ageOf(new Date(2026, 10, 26 - day, 23, 59).getTime(), now))
  expect(ageOf(now - 20 * 60_000, now)).toBe("today")
  expect(ages(-1, 0)).toEqual(["today", "today"])
  expect(ages(1, 2, 7, 8, 30, 31)).toEqual(["yesterday", "week", "week", "month", "month", "older"])
})
