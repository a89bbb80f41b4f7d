import { describe, expect, it } from "vitest"
import { type PageFacts, type StatusState, statusLine } from "../src/page/status"

const live: PageFacts = {
  network: "live",
  synced: true,
  everSynced: true,
  saved: true,
  storageRefusing: false,
  retryInMs: -1,
  closeCode: 0,
  reason: "",
  hasUnsaved: false,
  keeping: "device",
}
const offline: PageFacts = { ...live, network: "offline", synced: false }
const refused: PageFacts = { ...live, network: "refused", synced: false }
/** Words that only this browser has. */
const unsaved = { saved: false, hasUnsaved: true }

const removed: PageFacts = { ...refused, closeCode: 4401 }

type Row = [facts: PageFacts, online: boolean, state: StatusState, text: string]
const table: Row[] = [
  [live, true, "saved", "Saved"],
  [{ ...live, saved: false }, true, "saving", "Saving…"],
  [{ ...live, synced: false }, true, "connecting", "Connecting…"],
  [{ ...live, network: "connecting", synced: false, everSynced: false }, true, "connecting", "Connecting…"],
  [{ ...live, network: "connecting", synced: false }, true, "reconnecting", "Reconnecting…"],
  // Where the words are is said all the while.
  [
    { ...live, ...unsaved, network: "connecting", synced: false },
    true,
    "reconnecting",
    "Offline, kept on this device · Reconnecting…",
  ],
  [offline, true, "offline", "Offline"],
  [{ ...offline, ...unsaved }, false, "offline", "Offline, kept on this device"],
  [{ ...offline, ...unsaved, keeping: "writing" }, false, "offline", "Offline, keeping on this device…"],
  [{ ...offline, ...unsaved, keeping: "tab" }, false, "offline", "Offline, kept in this tab only"],
  [{ ...offline, ...unsaved, retryInMs: 900 }, false, "offline", "Offline, kept on this device"],
  // It was asked whether it has what is kept here, and has not answered: nobody has typed anything.
  [{ ...offline, saved: false }, false, "offline", "Offline"],
  [{ ...offline, keeping: "tab" }, false, "offline", "Offline"],
  [{ ...offline, retryInMs: 2_400 }, true, "reconnecting", "Reconnecting in 3 s"],
  [
    { ...offline, ...unsaved, everSynced: false, reason: "its files are damaged" },
    false,
    "offline",
    "Offline, kept on this device",
  ],
  [
    { ...offline, everSynced: false, reason: "its files are damaged", retryInMs: 3_000 },
    true,
    "reconnecting",
    "Not available: its files are damaged · Reconnecting in 3 s",
  ],
  [{ ...offline, retryInMs: 0 }, true, "reconnecting", "Reconnecting in 1 s"],
  [
    { ...offline, ...unsaved, retryInMs: 3_000 },
    true,
    "reconnecting",
    "Offline, kept on this device · Reconnecting in 3 s",
  ],
  [
    { ...live, saved: false, storageRefusing: true },
    true,
    "notsaved",
    "Not saved: the server’s disk refuses writes",
  ],
  [
    { ...live, storageRefusing: true },
    true,
    "notsaved",
    "The server’s disk refuses writes: new words would not be saved",
  ],
  [{ ...refused, closeCode: 4404 }, true, "refused", "This document was deleted"],
  [
    { ...refused, ...unsaved, closeCode: 4404 },
    true,
    "refused",
    "This document was deleted · your last words may not be saved",
  ],
  [
    { ...refused, ...unsaved, closeCode: 4413 },
    true,
    "refused",
    "Not saved: the document has grown past the server’s limit",
  ],
  [
    { ...refused, closeCode: 4415 },
    true,
    "refused",
    "This document holds something other than text: it cannot be edited here",
  ],
  [removed, true, "refused", "Access removed"],
  [{ ...removed, ...unsaved }, true, "refused", "Access removed · your last words may not be saved"],
  [
    { ...removed, ...unsaved, everSynced: false },
    true,
    "refused",
    "Access removed · your last words may not be saved",
  ],
  [{ ...removed, everSynced: false }, true, "refused", "No access"],
  [{ ...removed, closeCode: 4403 }, true, "refused", "You were removed from this document"],
  [{ ...refused, closeCode: 4499, reason: "go away" }, true, "refused", "Disconnected: go away"],
  [{ ...refused, closeCode: 4499 }, true, "refused", "Disconnected by the server"],
]

/** What somebody sees who may only read. */
const reading: Row[] = [
  [live, true, "reading", "Read only"],
  [{ ...live, synced: false }, true, "connecting", "Connecting…"],
  [{ ...live, storageRefusing: true }, true, "reading", "Read only"],
  [{ ...live, saved: false }, true, "reading", "Read only"],
  [{ ...live, ...unsaved }, true, "notsaved", "Read only now: your last words are not saved"],
  [offline, true, "offline", "Offline"],
  [{ ...offline, ...unsaved }, true, "offline", "Offline, kept on this device"],
]

describe("the status", () => {
  it.each(table)("%j, browser online %s, is shown as %s: %s", (facts, online, state, text) => {
    expect(statusLine(facts, online, true)).toMatchObject({ state, text })
  })

  it.each(reading)("%j, browser online %s, is shown to a reader as %s: %s", (facts, online, state, text) => {
    expect(statusLine(facts, online, false)).toMatchObject({ state, text })
  })

  it("says Saved only when everything is on the server's disk and the server is in reach", () => {
    for (let facts of everyCombination()) {
      let { state, text } = statusLine(facts, true, true)
      let isTrue = facts.saved && facts.synced && facts.network === "live" && !facts.storageRefusing
      expect([state, text].includes("saved") || text === "Saved", JSON.stringify(facts)).toBe(isTrue)
    }
  })

  it("says nothing to a reader that would calm somebody with words that are not saved", () => {
    for (let facts of everyCombination()) {
      let { state } = statusLine(facts, true, false)
      expect(state, JSON.stringify(facts)).not.toBe("saved")
      expect(state, JSON.stringify(facts)).not.toBe("saving")
      if (state === "reading") expect(facts.hasUnsaved).toBe(false)
    }
  })

  it("says that words are kept on the device only when they are, and calms only then and when they are saved", () => {
    for (let mayWrite of [true, false])
      for (let facts of everyCombination()) {
        let { text, isCalming } = statusLine(facts, true, mayWrite)
        let isKept = facts.hasUnsaved && facts.keeping === "device"
        if (text.includes("kept on this device")) expect(isKept, JSON.stringify(facts)).toBe(true)
        if (isCalming) expect(text === "Saved" || isKept, JSON.stringify(facts)).toBe(true)
      }
  })

  it("does not count down aloud", () => {
    expect(statusLine({ ...offline, retryInMs: 3_000 }, true, true).spoken).toBe("Offline")
  })
})

/** Whether the server has said that it has everything, and whether there are words that it may not have. */
const SAVED = [
  [true, false],
  [false, false],
  [false, true],
] as const

function* everyCombination(): Iterable<PageFacts> {
  let flags = [true, false]
  for (let network of ["connecting", "live", "offline", "refused"] as const)
    for (let synced of flags)
      for (let everSynced of flags)
        for (let [saved, hasUnsaved] of SAVED)
          for (let storageRefusing of flags)
            for (let retryInMs of [-1, 500])
              for (let keeping of ["tab", "writing", "device"] as const)
                yield {
                  ...live,
                  ...{ network, synced, everSynced, saved, storageRefusing, retryInMs, hasUnsaved, keeping },
                }
}
