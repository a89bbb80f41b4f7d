/** The words of being together: loaded with that part of the page, not before the text. */
export const words = {
  /** What somebody does, behind their name. */
  doing: {
    typing: "typing",
    here: "here",
    reading: "reading",
    away: "away",
  },
  reader: "can only read",
  followsYou: "follows you",
  yourself: (name: string) => `${name} (you): change your name and colour`,
  named: (name: string) => `${name} (you)`,
  show: (name: string) => `Show where ${name} is writing`,
  everyone: (count: number) =>
    count
      ? count === 1
        ? "Show who is here: 1 other"
        : `Show who is here: ${count} others`
      : "Show who is here",
  more: (count: number) => `${count} more people: show everyone`,
  others: "Also here",
  alone: "Nobody else is here yet.",
  find: "Find somebody",
  nobodyFound: "Nobody here has such a name.",
  follow: "Follow",
  stop: "Stop",
  followPerson: (name: string) => `Follow ${name}`,
  stopPerson: (name: string) => `Stop following ${name}`,
  stopFollowing: "Stop following",
  following: (name: string) => `Following ${name}`,
  waiting: (name: string) => `Waiting for ${name}`,
  followed: (name: string) => `Following ${name}. Type, scroll or press Escape to stop.`,
  stopped: (name: string) => `No longer following ${name}.`,
  hasLeft: (name: string) => `${name} has left, so you no longer follow them.`,
  followsAlready: (name: string) => `${name} is following you, so you cannot follow them.`,
  ring: (name: string) => `You and ${name} came to follow each other, so you stopped.`,
  isAt: (name: string, line: number) => `${name} is at line ${line}.`,
  noCursor: (name: string) => `${name} has no cursor in the text right now.`,
  bring: "Ask everyone to look here",
  brought: (count: number) =>
    count === 1 ? "Asked 1 person to look here." : `Asked ${count} people to look here.`,
  asks: (name: string) => `${name} asks you to look here.`,
  go: "Go",
  goWhere: (name: string) => `Go where ${name} asks you to look`,
  dismiss: "Dismiss",
  announce: "Say who comes and goes",
  showPeople: "Show who is here",
  came: (names: readonly string[]) => `${some(names)} joined.`,
  went: (names: readonly string[]) => `${some(names)} left.`,
  above: (name: string) => `${name} is writing above`,
  below: (name: string) => `${name} is writing below`,
  news: "Messages",
}

/** As many names as one takes in while writing. */
function some(names: readonly string[]): string {
  let [first = "", second = ""] = names
  if (names.length < 2) return first
  if (names.length === 2) return `${first} and ${second}`
  return `${first} and ${names.length - 1} others`
}
