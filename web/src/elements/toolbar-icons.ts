/**
 * The pictures on the buttons that format, as lines in a box of 20 by 20, and how the buttons stand together.
 * Knows no element.
 */

const LINES = ["M8.5 5.5h8M8.5 10h8M8.5 14.5h8"]
const GRID =
  "M3.5 5.5a1.5 1.5 0 0 1 1.5-1.5h10a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-10a1.5 1.5 0 0 1-1.5-1.5z"

/** By the action's id. */
export const ICONS: Readonly<Record<string, readonly string[]>> = {
  "edit.undo": ["M7.5 4.5l-3.5 3.5l3.5 3.5M4.5 8h7.5a3.8 3.8 0 0 1 0 7.6h-2.5"],
  "edit.redo": ["M12.5 4.5l3.5 3.5l-3.5 3.5M15.5 8h-7.5a3.8 3.8 0 0 0 0 7.6h2.5"],
  "format.heading": ["M4.5 4.5v11M12 4.5v11M4.5 10h7.5", "M15 11.2l2-1.2v5.5"],
  "format.bold": ["M6 4.5h4.8a2.7 2.7 0 0 1 0 5.4h-4.8zM6 9.9h5.6a2.8 2.8 0 0 1 0 5.6h-5.6z"],
  "format.italic": ["M8.5 4.5h5.5M6 15.5h5.5M11.6 4.5l-3.2 11"],
  "format.strike": [
    "M3.5 10h13",
    "M13.8 6.6c-.4-1.4-1.8-2.2-3.7-2.2c-2.1 0-3.7 1-3.7 2.7c0 .7.3 1.3.8 1.7M6 13.2c.4 1.5 1.9 2.4 4 2.4c2.3 0 3.9-1.1 3.9-2.9c0-.3 0-.5-.1-.7",
  ],
  "format.code": ["M6.5 6l-4 4l4 4M13.5 6l4 4l-4 4"],
  "format.link": [
    "M8.5 11.5a3.2 3.2 0 0 0 4.6 0l2.7-2.7a3.25 3.25 0 0 0-4.6-4.6l-1 1M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-2.7 2.7a3.25 3.25 0 0 0 4.6 4.6l1-1",
  ],
  "insert.image": [GRID, "M4 13.6l3.6-3.4l3 2.8l2.2-1.9l3.5 3", "M12.9 7.6a1 1 0 1 0 .01 0"],
  "format.bullets": [...LINES, "M4.2 5.5h.01M4.2 10h.01M4.2 14.5h.01"],
  "format.numbers": [
    ...LINES,
    "M3.6 4.2l1.1-.6v3.7M3.4 12.7c.2-.5.6-.8 1.1-.8c.7 0 1.2.4 1.2 1c0 .9-1.3 1.6-2.3 2.9h2.4",
  ],
  "format.tasks": ["M10.5 6h6M10.5 14h6", "M3.5 6.2l1.5 1.6l2.8-3.4M3.5 14.2l1.5 1.6l2.8-3.4"],
  "format.quote": ["M4 5.5h12M8 10h8M8 14.5h8M4.2 9.5v5.5"],
  "format.codeBlock": [GRID, "M8.3 8l-2 2l2 2M11.7 8l2 2l-2 2"],
  "format.table": [GRID, "M3.5 8.3h13M3.5 12.2h13M10 8.3v7.7"],
  "format.rule": ["M3.5 10h13", "M6 5.5h8M6 14.5h8"],
  "format.table.rowAbove": ["M3.5 10.5h13v5.5h-13zM10 2.8v5M7.5 5.3h5"],
  "format.table.rowBelow": ["M3.5 4h13v5.5h-13zM10 12.2v5M7.5 14.7h5"],
  "format.table.removeRow": ["M3.5 7h13v6h-13zM8 10h4"],
  "format.table.columnBefore": ["M10.5 3.5v13h5.5v-13zM2.8 10h5M5.3 7.5v5"],
  "format.table.columnAfter": ["M4 3.5v13h5.5v-13zM12.2 10h5M14.7 7.5v5"],
  "format.table.removeColumn": ["M7 3.5v13h6v-13zM8.6 10h2.8"],
  "format.table.alignLeft": ["M3.5 5h13M3.5 10h7M3.5 15h10"],
  "format.table.alignCenter": ["M3.5 5h13M6.5 10h7M5 15h10"],
  "format.table.alignRight": ["M3.5 5h13M9.5 10h7M6.5 15h10"],
  "format.table.tidy": ["M3.5 4v12M16.5 4v12M6.5 7h7M6.5 10h7M6.5 13h7"],
}

/** The buttons, in groups. */
export const GROUPED: readonly (readonly string[])[] = [
  ["edit.undo", "edit.redo"],
  ["format.heading", "format.bold", "format.italic", "format.strike", "format.code", "format.link"],
  ["format.bullets", "format.numbers", "format.tasks", "format.quote"],
  ["insert.image", "format.codeBlock", "format.table", "format.rule"],
]
