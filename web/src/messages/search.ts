/**
 * The words of find and replace. Loaded with it.
 * Knows no element and no state.
 */
export const search = {
  label: "Find and replace",
  find: "Find",
  replace: "Replace with",
  toggleReplace: "Show replacing",
  caseSensitive: "Match case",
  word: "Whole words",
  regexp: "Regular expression",
  scope: "Only in the selection",
  next: "Next match",
  previous: "Previous match",
  replaceOne: "Replace",
  replaceAll: "Replace all",
  close: "Close search",
  none: "Nothing found",
  count: (count: string) => (count === "1" ? "1 match" : `${count} matches`),
  at: (current: string, count: string) => `${current} of ${count}`,
  replaced: (count: string) => (count === "1" ? "1 replaced" : `${count} replaced`),
  selected: (count: string, all: string) =>
    count === all ? `${all} selected` : `the first ${count} of ${all} selected`,
  noSelection: "Select the part of the text first",
  slow: "This expression takes too long in this text",
  invalid: (complaint: string) => `No regular expression: ${complaint}`,
}
