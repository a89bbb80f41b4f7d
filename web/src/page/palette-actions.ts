/**
 * What the palette alone offers by name: settings that are chosen among several, and the doors in the page's header.
 * Is loaded with it. Knows those doors by their places on the page; where one is not there, it is not offered.
 */
import type { Action } from "../actions"
import { doors, settings as words } from "../messages/work"
import { byId } from "./dom"
import { FONTS, KEYMAPS, type Settings, settings, WIDTHS } from "./settings"

/** All of them. */
export function paletteActions(): readonly Action[] {
  return [
    ...choices("keymap", words.keymap, KEYMAPS, words.keymaps),
    ...choices("font", words.font, FONTS, words.fonts),
    ...choices("width", words.width, WIDTHS, words.widths),
    {
      ...setting("spellcheck", words.spellcheck, () => settings.now.spellcheck),
      run: () => settings.set({ spellcheck: !settings.now.spellcheck }),
    },
    door("people.own", doors.own, "people", "#people", openProfile),
    door("people.share", doors.share, "people", "#share", button => button.click()),
    door("document.start", doors.start, "document", "a.home", link => link.click()),
  ]
}

function openProfile() {
  byId("profile", HTMLElement).showPopover()
  byId("own-name", HTMLElement).focus()
}

function choices<K extends "keymap" | "font" | "width">(
  key: K,
  label: string,
  values: readonly Settings[K][],
  names: Readonly<Record<Settings[K], string>>,
): readonly Action[] {
  return values.map(value => ({
    ...setting(`${key}.${value}`, `${label}: ${names[value]}`, () => settings.now[key] === value),
    run: () => settings.set({ [key]: value }),
  }))
}

function setting(id: string, title: string, isOn: () => boolean) {
  return { id: `settings.${id}`, title, group: "view", rare: true, isOn } as const
}

function door(
  id: string,
  title: string,
  group: Action["group"],
  where: string,
  go: (door: HTMLElement) => void,
): Action {
  let find = () => document.querySelector<HTMLElement>(where)
  let isOffered = () => !!find()?.checkVisibility()
  let run = () => {
    let door = find()
    if (door) go(door)
  }
  return { id, title, group, rare: true, isOffered, run }
}
