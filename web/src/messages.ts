/**
 * Every word the pages show, in one place, so that it can be read, corrected and later translated as a whole.
 * Knows no element and no state: only what is said, not when.
 */
export const messages = {
  product: "Codraft",
  pageTitle: (name: string) => `${name} · Codraft`,

  start: {
    title: "Codraft: write together",
    headline: "Write together, in the same text, at the same time.",
    lead: "Open a document, send its link, and everyone who has it types with you. What says Saved is on the server’s disk.",
    create: "New document",
    createHint: "It gets a name nobody can guess.",
    openLabel: "Open by name or link",
    openPlaceholder: "meeting-notes",
    open: "Open",
    recent: "Recent",
    recentEmpty: "Documents you open in this browser appear here.",
    forget: (name: string) => `Remove ${name} from this list`,
    nameInvalid: {
      empty: "Type the name of a document.",
      long: "A name has at most 1,024 bytes.",
      control: "A name cannot contain control characters.",
      dots: "A name cannot have a part that is only “.” or “..”.",
    },
  },

  editor: {
    home: "Codraft, start page",
    toText: "Skip to the text",
    label: (name: string) => `Text of ${name}`,
    help: "Tab indents. To leave the text with the keyboard, press Escape, then Tab.",
    loading: "Loading…",
    empty: "Start writing. Everyone with the link writes with you.",
    emptyOffline: "Not connected yet. You can already write: it is sent as soon as the server answers.",
    failed: "The editor could not start. Reload the page to try again.",
    badName: "This address does not name a document.",
  },

  status: {
    connecting: "Connecting…",
    reconnecting: "Reconnecting…",
    saving: "Saving…",
    saved: "Saved",
    offline: "Offline",
    offlineKept: "Offline, kept in this tab",
    retryIn: (seconds: number) => `Reconnecting in ${seconds} s`,
    retry: "Retry now",
    unavailable: (reason: string) => `Not available: ${reason}`,
    notSaved: "Not saved: the server’s disk refuses writes",
    diskRefuses: "The server’s disk refuses writes: new words would not be saved",
    reading: "Read only: written in another app",
    broken: "Not saved: the editor stopped. Copy what you wrote, then reload",
    refused: {
      4400: "Disconnected: the server could not read what this page sent. Reload the page",
      4401: "No access: sign in again",
      4403: "No access to this document",
      4404: "This document was deleted",
      4413: "Not saved: the document has grown past the server’s limit",
      4415: "This document holds something other than text: it cannot be edited here",
    } as Record<number, string>,
    refusedOther: (reason: string) => (reason ? `Disconnected: ${reason}` : "Disconnected by the server"),
  },

  notice: {
    recovered: "Editor recovered. What you wrote is still here; steps from before cannot be undone.",
    replaced: "This page had come to show another text than the server has. The server’s is shown now.",
    fields: "This document has no text of its own here. Another app keeps some under:",
    copy: "Copy what was here",
    copied: "Copied",
    copyFailed: "Could not be copied",
    close: "Close",
  },

  people: {
    list: "People here",
    profile: "You",
    name: "Your name",
    color: "Your colour",
    others: "Also here",
    named: (name: string) => `${name} (you)`,
    yourself: (name: string) => `${name} (you): change your name and colour`,
    show: (name: string) => `Show where ${name} is writing`,
    more: (count: number) => `${count} more people: show everyone`,
    alone: "Nobody else is here yet.",
    anonymous: "Someone",
    guest: (animal: string) => `Guest ${animal}`,
  },

  share: { copy: "Copy link", copied: "Copied", failed: "Copy the address from the address bar" },

  theme: {
    auto: "Theme: follows the system",
    light: "Theme: light",
    dark: "Theme: dark",
  },

  colors: {
    red: "Red",
    orange: "Orange",
    amber: "Amber",
    olive: "Olive",
    green: "Green",
    teal: "Teal",
    blue: "Blue",
    indigo: "Indigo",
    violet: "Violet",
    pink: "Pink",
  },

  /** What CodeMirror itself says, by its own English phrase. */
  phrases: {
    Find: "Find",
    Replace: "Replace with",
    next: "Next",
    previous: "Previous",
    all: "Select all",
    "match case": "Match case",
    regexp: "Regexp",
    "by word": "Whole words",
    replace: "Replace",
    "replace all": "Replace all",
    close: "Close search",
  },
}
