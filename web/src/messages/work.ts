/**
 * The words of the workplace's dialogs: palette, shortcuts, settings, about. Loaded with them.
 * Knows no element and no state.
 */
export const palette = {
  title: "Commands",
  placeholder: "What would you like to do?",
  help: "Type “:” and a number to go to a line, “@” to go to a heading.",
  nothing: {
    action: "Nothing is called that.",
    line: "Type the number of a line.",
    heading: "There is no such heading.",
  },
  on: "on",
  line: (line: number) => `Go to line ${line.toLocaleString("en")}`,
  ofLines: (count: number) => `of ${count.toLocaleString("en")}`,
  heading: (level: number, line: number) => `level ${level}, line ${line.toLocaleString("en")}`,
}
