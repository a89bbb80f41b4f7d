/**
 * Forgetting a document on this device: its copy, its place among the recent documents, and the key that opens it.
 * Knows no document's text; what is on the server stays there.
 */
import { actions } from "../actions"
import { messages } from "../messages"
import { forgetCopy } from "../store/shelf"
import type { Keeping } from "./keeping"
import { forgetKeys, keysOf } from "./keys"
import { notice } from "./notice"
import { forgetRecent, recents } from "./recents"

/** Lets go of all that this browser knows of a document. */
export async function forgetDocument(name: string): Promise<void> {
  // First what can fail: whoever is told that it is forgotten must be able to rely on it.
  await forgetCopy(name)
  forgetKeys(name)
  forgetRecent(name)
}

/** Asks first, and says what would be lost; true once it is forgotten. */
export async function askAndForget(
  name: string,
  hasUnsaved: boolean,
  forget = () => forgetDocument(name),
): Promise<boolean> {
  let { askToForget } = await import("../elements/forget")
  let title = recents().find(recent => recent.name === name)?.title || name
  return askToForget({ title, hasKey: keysOf(name).length > 0, hasUnsaved, forget })
}

/** Offers it for the document of the page, and leaves it then, as the other tabs that have it do. `stop` has it not noted again. */
export function forgetting(name: string, keeping: Keeping, stop: () => void) {
  let { copy } = keeping
  let forget = async () => {
    stop()
    await copy.forget()
    await forgetDocument(name)
  }
  let run = async () => {
    if (await askAndForget(name, copy.hasUnsaved, forget)) location.replace("/")
  }
  keeping.onForgotten = () => {
    stop()
    if (copy.hasUnsaved) notice(messages.notice.forgotten)
    else location.replace("/")
  }
  actions.add({
    id: "document.forget",
    title: messages.actions.forget,
    group: "document",
    last: true,
    run: () => void run().catch(() => notice(messages.notice.notLoaded)),
  })
}
