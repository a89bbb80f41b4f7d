/**
 * Tasks and their ticks.
 * Knows neither keys nor the mouse.
 */
import type { EditorState, Line, StateCommand } from "@codemirror/state"
import { openingText } from "./items"
import { itemAt } from "./lists"
import { canFormat, linesOf } from "./syntax"

/** Ticks tasks; where all are ticked already, takes the ticks away. Does nothing without a task. */
export const tickTasks: StateCommand = ({ state, dispatch }) => {
  if (!canFormat(state)) return false
  let boxes = linesOf(state, state.selection.ranges).flatMap(line => boxOf(state, line) ?? [])
  if (!boxes.length) return false
  let insert = boxes.every(box => box.ticked) ? " " : "x"
  let changes = boxes
    .filter(box => box.ticked !== (insert === "x"))
    .map(({ from }) => ({ from, to: from + 1, insert }))
  dispatch(state.update({ changes, userEvent: "input.format" }))
  return true
}

/** Where a task's tick is, and whether it is there. */
export function boxOf(state: EditorState, line: Line): { from: number; ticked: boolean } | null {
  let opening = itemAt(state, line.from)
  if (!opening?.box) return null
  let from = line.from + openingText({ ...opening, box: "" }).length + 1
  return { from, ticked: opening.box[1] !== " " }
}
