/**
 * Pictures, as the page offers them: by name, and dropped anywhere on it.
 * Knows the editor and the right to the document; how pictures come into a text is the editor's.
 */
import type { EditorView } from "@codemirror/view"
import { actions } from "../actions"
import { chooseImages, type ImagesConfig, insertImages, picturesIn, refreshImages } from "../editor/images"
import { messages } from "../messages"
import type { Access } from "./access"
import { notice } from "./notice"
import { ownPerson } from "./person"
import { settings } from "./settings"

/** How the editor does pictures in a document. */
export function picturesOf(access: Access, isOnline: () => boolean): ImagesConfig {
  return {
    document: access.document,
    headers: () => access.headers,
    isOnline,
    person: () => access.you?.id || ownPerson().id,
    isShowing: () => settings.now.images,
    say,
    renew: () => access.renew(),
  }
}

/** Offers what can be done with pictures. */
export function pictureActions(view: EditorView) {
  actions.add(
    {
      id: "insert.image",
      title: messages.pictures.insert,
      group: "edit",
      run: () => chooseImages(view),
      isOffered: () => !view.state.readOnly,
    },
    {
      id: "view.images",
      title: messages.pictures.show,
      group: "view",
      run: () => settings.set({ images: !settings.now.images }),
      isOn: () => settings.now.images,
    },
  )
  settings.onChange((now, before) => {
    if (now.images !== before.images) refreshImages(view)
  })
  // A browser would leave the page and show the picture instead.
  window.addEventListener("dragover", event => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault()
  })
  window.addEventListener("drop", event => {
    if (event.defaultPrevented || !event.dataTransfer?.files.length) return
    event.preventDefault()
    let files = picturesIn(event.dataTransfer)
    if (files.length) insertImages(view, files)
  })
}

function say(words: string, retry?: () => void) {
  let run = () => {
    takeBack()
    retry?.()
  }
  let takeBack = notice(words, ...(retry ? [{ label: messages.pictures.retry, run }] : []))
}
