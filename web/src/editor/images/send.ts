/**
 * One picture on its way to the server, with its progress, which `fetch` does not tell.
 * Knows one request and no text.
 */
import { imageMessages } from "../../messages/images"
import { apiOf } from "../../page/document-name"
import { isRecord } from "../../page/storage"

/** Why a picture did not get there; the message is for people. */
export class NotSent extends Error {}

/** Hears how much of a picture has gone, from 0 to 1. */
export type OnProgress = (part: number) => void

/** Sends a picture; tells where it is. Fails with `NotSent`, or silently when `signal` says to stop. */
export function send(
  document: string,
  file: File,
  headers: Record<string, string>,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<string> {
  let request = new XMLHttpRequest()
  request.open("POST", `${apiOf(document)}/files`)
  for (let [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream")
  request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0))
  signal.addEventListener("abort", () => request.abort())
  return new Promise((resolve, reject) => {
    let fail = (why: string) => reject(new NotSent(why))
    request.addEventListener("error", () => fail(imageMessages.why.network))
    request.addEventListener("abort", () => reject(signal.reason))
    request.addEventListener("load", () => {
      let said = bodyOf(request.responseText)
      let path = request.status < 300 ? pathIn(said) : undefined
      if (path) resolve(path)
      else fail(reason(request.status, said))
    })
    request.send(file)
  })
}

/** Where the server says that the picture is: an address of its own, in which nothing means anything in Markdown. */
export function pathIn(said: unknown): string | undefined {
  let path = isRecord(said) && typeof said.path === "string" ? said.path : ""
  return /^\/api\/docs\/[-\w.~%]+\/files\/[0-9a-f]{64}\.\w+$/.test(path) ? path : undefined
}

function reason(status: number, said: unknown): string {
  if (status === 401 || status === 403) return imageMessages.why.forbidden
  let detail = isRecord(said) && typeof said.detail === "string" ? said.detail : ""
  return detail || imageMessages.why.unknown
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
