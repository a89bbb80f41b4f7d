/**
 * Every word the pages show, in one place, so that it can be read, corrected and later translated as a whole.
 * Knows no element and no state: only what is said, not when.
 */
export const messages = {
  product: "Codraft",
  close: "Close",
  loading: "Loading…",
  pageTitle: (name: string) => `${name} · Codraft`,

  start: {
    title: "Codraft: write together",
    headline: "Write together, in the same text, at the same time.",
    lead: "Open a document, send its link, and everyone who has it types with you. What says Saved is on the server’s disk.",
    create: "New document",
    createFailed: "The document could not be made. Try again in a moment.",
    createAdmin: "Here new documents are made by the administrator. Open yours by its link.",
    createHint: "It gets a name nobody can guess.",
    openLabel: "Open by name or link",
    openPlaceholder: "meeting-notes",
    open: "Open",
    recent: "Recent",
    recentEmpty: "Documents you open in this browser appear here.",
    search: "Search recent documents",
    found: (count: number) => (count === 1 ? "1 document" : `${count} documents`),
    nothingFound: (typed: string) => `Nothing you opened here is called “${typed}”.`,
    ages: {
      today: "Today",
      yesterday: "Yesterday",
      week: "Last 7 days",
      month: "Last 30 days",
      older: "Earlier",
    },
    forget: (name: string) => `Forget ${name} on this device`,
    forgetFailed: "The document could not be forgotten. Try again in a moment.",
    kept: "Available offline",
    keptUnsaved: "Not sent yet",
    offline: "No connection. Documents with an arrow can be opened and changed.",
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
    follow: (key: string) => `${key} and a click open the link`,
    empty: "Start writing. Everyone with the link writes with you.",
    emptyShared: "Start writing. Only people you share this with can open it.",
    emptyReading: "Nothing is written here yet.",
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
    offlineKept: {
      tab: "Offline, kept in this tab only",
      writing: "Offline, keeping on this device…",
      device: "Offline, kept on this device",
    },
    retryIn: (seconds: number) => `Reconnecting in ${seconds} s`,
    retry: "Retry now",
    unavailable: (reason: string) => `Not available: ${reason}`,
    notSaved: "Not saved: the server’s disk refuses writes",
    diskRefuses: "The server’s disk refuses writes: new words would not be saved",
    reading: "Read only: written in another app",
    readOnly: "Read only",
    readOnlyUnsaved: "Read only now: your last words are not saved",
    noAccess: "No access",
    removed: {
      4401: "Access removed",
      4403: "You were removed from this document",
    } as Record<number, string>,
    lastUnsaved: "your last words may not be saved",
    broken: "Not saved: the editor stopped. Copy what you wrote, then reload",
    refused: {
      4400: "Disconnected: the server could not read what this page sent. Reload the page",
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
    readOnly: "You can only read this document now. What you wrote last is shown here, but it is not saved.",
    removed:
      "You can no longer open this document: your access was removed or has expired. This is how it was.",
    removedUnsaved:
      "You can no longer open this document. What you wrote last is shown here, but it may not be saved: copy it before you leave.",
    deleted: "This document was deleted. This is how it was.",
    deletedUnsaved:
      "This document was deleted. What you wrote last is shown here, but it is not saved: copy it before you leave.",
    forgotten:
      "Another tab has forgotten this document on this device: it is no longer kept for when you are offline.",
    notLoaded: "This part of the page could not be loaded. Try again when you are connected.",
    copyText: "Copy the text",
    saveFile: "Save as a file",
    deleteCopy: "Delete the copy on this device",
    copy: "Copy what was here",
    copied: "Copied",
    copyFailed: "Could not be copied",
    close: "Close",
  },

  /** Over the text while there is no connection. */
  offline: {
    device: "You are offline. What you write is kept on this device, and sent when the connection is back.",
    tab: "You are offline, and this browser keeps nothing: leave this tab open until the connection is back.",
    reader: "You are offline. This is the document as it was when you were last connected.",
  },

  /** In the place of a document that this browser may not open. Whether there is one is nobody's business. */
  embed: {
    empty: "Start writing.",
    open: "Open on a page of its own",
  },

  closed: {
    title: "You need a link to open this document",
    noKey: "Ask somebody who has the document to share it with you, and open the whole link that they send.",
    badKey:
      "The link you used does not open this document. It may have expired, or its owner has revoked it: ask them for a new one, and open the whole of it.",
    home: "Go to the start page",
  },

  pictures: {
    insert: "Insert image…",
    show: "Show images in the text",
    retry: "Try again",
    offline: (count: number) =>
      count === 1
        ? "You are offline, so the picture could not be sent. Your text is kept."
        : "You are offline, so the pictures could not be sent. Your text is kept.",
  },

  people: {
    list: "People here",
    profile: "You",
    name: "Your name",
    color: "Your colour",
    anonymous: "Someone",
    alias: (shown: string) => `Somebody here already has this name. The others see you as ${shown}.`,
    fixed: "Your name comes from the app that let you in, so it cannot be changed here.",
    guest: (animal: string) => `Guest ${animal}`,
  },

  share: {
    copy: "Copy link",
    open: "Share",
    copied: "Copied",
    failed: "Copy the address from the address bar",
    dialogFailed: "Sharing could not be opened. Try again.",
    title: (title: string) => `Share “${title}”`,
    close: "Close",
    address: "Address of this document",
    connecting: "This page is not connected yet. Try again in a moment.",
    everyone: "Everyone who can reach this server can open this document and write in it.",
    may: {
      viewer: "You can read this document. To change it, or to invite somebody, ask an owner.",
      editor: "You can read and change this document. To invite somebody, ask an owner for a link.",
      owner: "You own this document. The app it belongs to decides who else may open it.",
    },
    plain: "This address works for people who have access already. It gives access to nobody.",

    make: "New link",
    name: "Name",
    namePlaceholder: "Who is it for?",
    role: "Whoever has it",
    roles: { viewer: "can view", editor: "can edit", owner: "is an owner" },
    expiry: "Expires",
    expiries: { never: "never", day: "in 1 day", week: "in 7 days", month: "in 30 days" },
    create: "Create link",
    unnamed: { viewer: "Can view", editor: "Can edit", owner: "Owner" },
    madeCopied: (name: string) => `“${name}” is made, and copied to the clipboard.`,
    made: (name: string) => `“${name}” is made. Copy it with its button.`,
    linkCopied: (name: string) => `“${name}” is copied.`,
    linkCopyFailed: "The browser did not let the link be copied.",

    links: "Links",
    loading: "Loading…",
    none: "There is no link yet.",
    nameOf: (name: string) => `Name of the link “${name}”`,
    roleOf: (name: string) => `What “${name}” allows`,
    copyLink: "Copy",
    copyOf: (name: string) => `Copy the link “${name}”`,
    elsewhere: "Made in another browser: can be copied only there",
    revoke: "Revoke",
    revokeOf: (name: string) => `Revoke the link “${name}”`,
    sure: (name: string) => `Revoke “${name}”? Whoever came by it loses access at once.`,
    sureOwn: (name: string) => `Revoke “${name}”? You use it yourself: you would lose access at once.`,
    keep: "Keep it",
    revokeNow: "Revoke link",
    revoked: (name: string) => `“${name}” is revoked.`,
    renamed: (name: string) => `The link is called “${name}” now.`,
    changed: (name: string, role: string) => `Whoever has “${name}” ${role} now.`,
    yours: "You use this link",
    unused: "Not used yet",
    used: (when: string, by: string) => (by ? `Last used ${when} by ${by}` : `Last used ${when}`),
    expires: (when: string) => `Expires ${when}`,
    expired: "Expired",
    trouble: {
      lastOwner:
        "This is the last link of an owner. Make another one first, or nobody can share this document any more.",
      notAllowed: "You may not change the links of this document any more.",
      failed: (detail: string) => detail || "The server did not answer. Try again.",
    },
  },

  menu: { label: "Menu" },

  /** What a text is written in; languages for code have names of their own. */
  language: {
    markdown: "Markdown",
    plain: "Plain text",
    choose: "Language of the text…",
    button: (name: string) => `Written in ${name}: choose another language`,
  },

  title: {
    rename: "Rename…",
    field: "Title of the document",
    hint: "Rename this document",
  },

  /** The headings under which actions are listed. */
  groups: {
    document: "Document",
    edit: "Edit",
    format: "Format",
    view: "View",
    people: "People",
    help: "Help",
  },

  /** What can be done by name. */
  actions: {
    forget: "Forget on this device…",
    undo: "Undo",
    redo: "Redo",
    find: "Find…",
    replace: "Find and replace…",
    wrap: "Wrap long lines",
    numbers: "Line numbers",
    whitespace: "Show spaces and tabs",
    larger: "Larger text",
    smaller: "Smaller text",
    usualSize: "Usual text size",
    themes: { auto: "Theme of the system", light: "Light theme", dark: "Dark theme" },
    settings: "Settings…",
    palette: "All commands…",
    keys: "Keyboard shortcuts",
    about: "About Codraft",
    goToLine: "Go to line…",
    goToHeading: "Go to heading…",
  },

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
}
