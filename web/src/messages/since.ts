/**
 * Words of the line that says what has changed since somebody was here.
 * Knows no element.
 */
import { count } from "./number"

export const since = {
  changed: (lines: number, ago: string) =>
    `${lines === 1 ? "1 line has" : `${count(lines)} lines have`} changed since you were last here, ${ago}.`,
  label: "What has changed",
  show: "Show",
  next: "Next",
  previous: "Previous",
  dismiss: "Dismiss",
  done: "Done",
}
