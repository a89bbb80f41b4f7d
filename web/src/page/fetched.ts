/**
 * Fetches the files of a part of the page before it is imported. No browser forgets that an import has failed, so that
 * after a moment without a network the part could not be had until the page is loaded anew; a fetch can be made again.
 * Knows no part; `vite.parts.ts` puts it around every import of one, in the place of Vite's own preloading.
 */

/** The files that are here or on their way. */
const files = new Map<string, Promise<unknown>>()

/** Loads a part whose files, as the build knows them, are at these paths below the root. */
export async function fetched<T>(load: () => Promise<T>, paths: readonly string[] = []): Promise<T> {
  await Promise.all(paths.map(path => file(`/${path}`)))
  return load()
}

function file(path: string): Promise<unknown> {
  let coming = files.get(path)
  if (coming) return coming
  coming = isInPage(path) ? Promise.resolve() : path.endsWith(".css") ? style(path) : script(path)
  files.set(path, coming)
  coming.catch(() => files.delete(path))
  return coming
}

/** The page itself has brought what its own elements name. */
function isInPage(path: string): boolean {
  return !!document.querySelector(`link[href="${path}"], script[src="${path}"]`)
}

/** Brings a script into the browser's cache, where the import will find it. */
async function script(path: string) {
  let response = await fetch(path)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`)
  await response.arrayBuffer()
}

function style(path: string): Promise<unknown> {
  let link = document.createElement("link")
  link.rel = "stylesheet"
  link.href = path
  document.head.append(link)
  return new Promise((resolve, reject) => {
    link.onload = resolve
    link.onerror = () => {
      link.remove()
      reject(new Error(`${path} could not be loaded`))
    }
  })
}
