/**
 * What the palette offers for what is typed into it: actions, lines or headings.
 * Knows no element; values in, values out.
 */
import type { Action, Actions, Group } from "../actions"
import { messages } from "../messages"
import { otherWords, palette as words } from "../messages/work"
import { fitting } from "./fuzzy"

/** Places in the text that one can go to. */
export interface Places {
  /** How many lines there are. */
  readonly lines: number
  headings(): readonly Heading[]
  /** Puts the cursor there; both count from 1. */
  go(line: number, column?: number): void
}

/** A heading of the text. */
export interface Heading {
  readonly text: string
  /** 1 to 6. */
  readonly level: number
  /** Counted from 1. */
  readonly line: number
}

/** One line of the palette. */
export interface Choice {
  readonly name: string
  /** Which UTF-16 units of the name were typed. */
  readonly at: readonly number[]
  /** Said at its end: a group, a number. */
  readonly beside?: string
  readonly keys?: string | undefined
  readonly on?: boolean
  /** The action's, to be remembered as used. */
  readonly id?: string
  take(): void
}

/** More is not read, only scrolled through. */
const MOST = 200

/** Whoever has typed nothing yet is shown first what is done most, and not what is done to the whole document. */
const ORDER: readonly Group[] = ["edit", "format", "view", "people", "document", "help"]

/** What is offered for `query`; `recent` are ids of actions, used last first. */
export function choicesFor(
  query: string,
  actions: Actions,
  places: Places,
  recent: readonly string[],
): readonly Choice[] {
  if (query.startsWith(":")) return lines(query.slice(1), places)
  if (query.startsWith("@")) return headings(query.slice(1), places)
  return commands(query, actions.offered(), recent)
}

function commands(query: string, offered: readonly Action[], recent: readonly string[]): readonly Choice[] {
  let rank = ({ id, group }: Action) => recent.indexOf(id) + 1 || recent.length + 1 + ORDER.indexOf(group)
  let sorted = offered.filter(action => !action.menuOnly).sort((a, b) => rank(a) - rank(b))
  return fitting(query, sorted, ({ title }) => title, alsoCalled)
    .slice(0, MOST)
    .map(([action, { at }]) => ({
      id: action.id,
      name: action.title,
      at,
      beside: messages.groups[action.group],
      keys: action.keys,
      on: action.isOn?.() ?? false,
      take: () => action.run(),
    }))
}

function alsoCalled({ id }: Action): string {
  return otherWords[id] ?? ""
}

function lines(typed: string, { lines, go }: Places): readonly Choice[] {
  let [, line, column] = /^\s*(\d{1,9})\s*(?:[:,]\s*(\d{1,9}))?\s*$/.exec(typed) ?? []
  if (!line) return []
  let there = Math.min(Math.max(Number(line), 1), lines)
  return [
    {
      name: words.line(there),
      at: [],
      beside: words.ofLines(lines),
      take: () => go(there, Number(column ?? 1)),
    },
  ]
}

function headings(typed: string, places: Places): readonly Choice[] {
  return fitting(typed, places.headings(), ({ text }) => text)
    .slice(0, MOST)
    .map(([{ text, level, line }, { at }]) => ({
      name: text,
      at,
      beside: words.heading(level, line),
      take: () => places.go(line),
    }))
}
