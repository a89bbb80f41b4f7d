/**
 * Which addresses in a text are followed and shown: everybody who writes along can put any there.
 * Knows the page's own address, and no element.
 */

const FOLLOWED = ["http:", "https:", "mailto:"]
/** Pictures inside the text itself; an SVG among them would be harmless as an image, but nobody needs one. */
const INLINE_IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[\w+/=]+$/i
/** Files of documents, as the server names them. */
const OWN_FILE = /^\/api\/docs\/[^/]+\/files\/[^/]+$/
/** An image that is still on its way to the server. */
const UPLOADING = /^uploading:/i

/** What a link leads to: a whole address, a place on the same page (`#…`), or nowhere. */
export function linkTarget(written: string, page: string): string | null {
  if (written.startsWith("#")) return written
  if (!URL.canParse(written, page)) return null
  let url = new URL(written, page)
  return FOLLOWED.includes(url.protocol) ? url.href : null
}

/** What becomes of an image: shown, named with a link because it is somebody else's, waited for, or nothing. */
export type ImageTarget =
  | { readonly kind: "own" | "inline"; readonly address: string }
  | { readonly kind: "foreign"; readonly address: string; readonly host: string }
  | { readonly kind: "uploading" }
  | { readonly kind: "none" }

/** What becomes of an image with this address. */
export function imageTarget(written: string, page: string): ImageTarget {
  if (UPLOADING.test(written)) return { kind: "uploading" }
  if (INLINE_IMAGE.test(written)) return { kind: "inline", address: written }
  if (!URL.canParse(written, page)) return { kind: "none" }
  let url = new URL(written, page)
  if (url.origin === new URL(page).origin && OWN_FILE.test(url.pathname)) {
    return { kind: "own", address: url.pathname }
  }
  let isForeign = url.protocol === "http:" || url.protocol === "https:"
  return isForeign ? { kind: "foreign", address: url.href, host: url.host } : { kind: "none" }
}
